using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Fonts;
using Microsoft.Extensions.Logging.Abstractions;

namespace CivilAffairs.Tests.Platform.Documents;

/// <summary>Three documents as a county sends them, and the renderer they are made with.</summary>
internal static class Samples
{
    public static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    public static readonly DateTimeOffset Issued = new(2026, 11, 24, 1, 30, 0, TimeSpan.Zero);
    public static readonly DocumentFonts Fonts = new();
    public static readonly DocumentRenderer Renderer = Make();

    public static DocumentRenderer Make(DocumentLimits? limits = null) => new(Fonts, TimeProvider.System, NullLogger<DocumentRenderer>.Instance, limits);

    public static LaidOutDocument Lay(string template, string json = "{}") => Renderer.Render(template, JsonNode.Parse(json)!, Chinese);

    public const string AcceptanceData = """
        {"number":"临救受〔2026〕0012号","applicant":"李春燕","village":"青河镇柳树村","applied":"2026-11-23","accepted":"2026-11-24","days":30,
         "office":"青河镇人民政府","phone":"0550-6120000","url":"https://example.gov.cn/v/K7Q2MP"}
        """;

    public const string Acceptance = """
        <h1>最低生活保障申请受理通知书</h1>
        <div class="number">{{ number }}</div>
        <p class="noindent">{{ applicant }}：</p>
        <p>你户于 {{ applied | zh_date }} 提出的农村最低生活保障申请收悉。经审查，申请材料齐全，符合法定形式，根据《社会救助暂行办法》和《最低生活保障审核确认办法》的有关规定，决定自 {{ accepted | zh_date }} 起予以受理。</p>
        <p>我们将在 {{ days }} 个工作日内完成家庭经济状况调查、审核和公示（公示期 7 日不计入上述期限）。调查人员入户时应当不少于 2 人并出示证件，请予以配合，如实提供家庭人口、收入和财产情况；委托查询的项目（如 Alipay、WeChat Pay 等账户余额）以核对报告为准。</p>
        <h2>一、你享有的权利</h2>
        <p>对办理过程有疑问的，可以凭本通知书向受理机关查询；认为工作人员与你户有利害关系的，可以申请其回避。</p>
        <h2>二、需要注意的事项</h2>
        <ol><li>家庭人口、收入、财产状况发生变化的，应当在 10 日内告知受理机关。</li><li>隐瞒、伪造有关情况的，将终止办理，并依法追回已发放的款物。</li></ol>
        <div class="seal"><p>{{ office }}</p><p>{{ accepted | zh_numeral_date }}</p></div>
        <div class="foot"><p>咨询电话：{{ phone }}</p><p>扫描右侧二维码可查看办理进度，页面只显示最少的信息。</p><img class="qr" data-url="{{ url }}"></div>
        """;

    public const string Notice = """
        <h1>农村最低生活保障<br>拟确认对象公示单</h1>
        <p>经调查审核，下列家庭拟纳入农村最低生活保障范围。现予公示，公示期为 {{ from | zh_date }} 至 {{ to | zh_date }}。对公示内容有异议的，请在公示期内向镇人民政府反映。</p>
        <table>
          <thead><tr><th width="10%">序号</th><th width="18%">姓名</th><th width="26%">所在村</th><th width="14%">人数</th><th>拟确认月保障金额</th></tr></thead>
          <tbody>{% for row in rows %}
            <tr><td class="center">{{ forloop.index }}</td><td class="center">{{ row.name | mask_name }}</td><td>{{ row.village }}</td><td class="center">{{ row.people }}</td><td class="right">{{ row.fen | money }}</td></tr>
          {% endfor %}
            <tr><td colspan="3" class="center">合计</td><td class="center">{{ people }}</td><td class="right">{{ total | money }}</td></tr></tbody>
        </table>
        <p class="small">监督电话：0550-6120000。公示不含身份证号、账号、住址门牌、疾病和收入明细。</p>
        <div class="seal"><p>青河镇人民政府</p><p>{{ from | zh_numeral_date }}</p></div>
        """;

    public static string NoticeData(int rows)
    {
        var list = Enumerable.Range(1, rows).Select(i => $$"""{"name":"王小明","village":"柳树村第{{i % 9 + 1}}村民组","people":{{i % 5 + 1}},"fen":{{35000 + i * 1300}}}""");
        return $$"""{"from":"2026-11-24","to":"2026-11-30","people":88,"total":12345600,"rows":[{{string.Join(',', list)}}]}""";
    }

    public const string Confirmation = """
        <h1>最低生活保障确认通知书</h1>
        <div class="number">临民低保确〔2026〕0031号</div>
        <p class="noindent">张树生：</p>
        <p>你户于 2026年9月8日 提出的<strong>农村最低生活保障</strong>申请，经青河镇人民政府调查审核并公示，现予确认。</p>
        <table>
          <tr><th width="24%">保障人口</th><td>{{ people | zh_number }}人</td><th width="24%">起发月份</th><td>{{ start | zh_month }}</td></tr>
          <tr><th>月保障金额</th><td colspan="3">{{ fen | money }}（人民币{{ fen | zh_money }}）</td></tr>
          <tr><th>计算方法</th><td colspan="3">家庭年保障标准 {{ standard | money }} × {{ people }} 人，减去家庭年收入 {{ income | money }} 后除以 12，不足 1 元的部分按 1 元计算。</td></tr>
          <tr><th>发放方式</th><td colspan="3">每月 10 日前通过惠农惠民“一卡通”发放至尾号 4417 的账户。</td></tr>
        </table>
        <p>不服本决定的，可以自收到本通知书之日起六十日内依法申请行政复议，或者六个月内依法向人民法院提起行政诉讼。</p>
        <div class="seal"><p>临河县民政局</p><p>{{ issued | zh_numeral_date }}</p></div>
        <div class="signature">领取人签名：</div>
        <div class="foot"><p>验证编号 K7Q2-MP4X</p><p>本通知书一式两份，当事人一份，存档一份。</p><img class="qr" data-url="https://example.gov.cn/v/K7Q2MP4X"></div>
        """;

    public const string ConfirmationData = """{"people":3,"start":"2026-12","fen":120000,"standard":1032000,"income":1656000,"issued":"2026-11-24"}""";
}
