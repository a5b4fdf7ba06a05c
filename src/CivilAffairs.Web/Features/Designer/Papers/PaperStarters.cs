using System.Net;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>What a new template begins with: the official layout, with names that every case has.</summary>
internal static class PaperStarters
{
    public static string Of(string kind, string name) => (kind switch { Paper.Mail => Letter, Paper.Notice => Notice, _ => Document }).Replace("〈名称〉", kind == Paper.Mail ? name : WebUtility.HtmlEncode(name), StringComparison.Ordinal);

    private const string Document = """
        <h1>〈名称〉</h1>
        <div class="number">{{ number }}</div>
        <p class="noindent">{{ applicant.name }}：</p>
        <p>请在这里写正文。</p>
        <div class="seal">
        <p>{{ office.name }}</p>
        <p>{{ date | zh_date }}</p>
        </div>
        <div class="foot">
        <p>办件编号：{{ case.number }}　联系电话：{{ office.phone }}</p>
        <p>扫描二维码可核验本文书。</p>
        <img class="qr" data-url="{{ url }}">
        </div>

        """;

    private const string Notice = """
        <h1>〈名称〉</h1>
        <p>请在这里写正文。公示只可写姓名、村（社区）、人数、金额和日期。</p>
        <p>公示期：{{ notice.firstDay | zh_date }}至{{ notice.lastDay | zh_date }}。有异议的，请在公示期内向{{ office.name }}反映，电话：{{ office.phone }}。</p>
        <div class="seal">
        <p>{{ office.name }}</p>
        <p>{{ date | zh_date }}</p>
        </div>

        """;

    private const string Letter = """
        〈名称〉（{{ case.number }}）
        --- text
        您好：

        请在这里写正文。

        办件编号：{{ case.number }}
        查看办件：{{ url }}

        {{ office.name }}　{{ office.phone }}
        --- html
        <p>您好：</p>
        <p>请在这里写正文。</p>
        <p>办件编号：{{ case.number }}<br><a href="{{ url }}">查看办件</a></p>
        <p>{{ office.name }}　{{ office.phone }}</p>

        """;
}
