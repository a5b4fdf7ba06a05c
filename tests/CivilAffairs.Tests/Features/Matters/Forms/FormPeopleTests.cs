using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using Xunit;

namespace CivilAffairs.Tests.Features.Matters.Forms;

/// <summary>Who is who in the answers is what <c>form.json</c> says, whatever its sections are called.</summary>
public sealed class FormPeopleTests
{
    private static readonly FormFile Form = SmallForm.Small with
    {
        Place = "couple.registry",
        Parties =
        [
            new FormParty { Role = "applicant", Section = "couple", Name = "hisName", IdNumber = "hisNumber" },
            new FormParty { Role = "spouse", Section = "couple", Name = "herName", IdNumber = "herNumber" },
            new FormParty { Role = "guardian", Section = "others", Where = new Dictionary<string, string> { ["kin"] = "guardian" } },
            new FormParty { Role = "member", Section = "others" },
        ],
    };

    private static readonly JsonObject Data = JsonNode.Parse("""
        {"couple":{"hisName":"甲","hisNumber":"1","herName":"乙","herNumber":"2","registry":"341299101201"},
         "others":[{"name":"丙","idNumber":"3","kin":"guardian"},{"name":"丁","idNumber":"4","kin":"child"},{"name":"戊","kin":"child"}]}
        """)!.AsObject();

    [Fact]
    public void One_object_may_name_several_persons_and_a_row_is_one() => Assert.Equal(
        [("applicant", "甲"), ("spouse", "乙"), ("guardian", "丙"), ("member", "丁")],
        FormPeople.Named(Form, Data).Select(n => (n.Party.Role, FormPeople.Text(n.Row, n.Party.Name)!)));

    [Fact]
    public void Nobody_is_named_where_nothing_is_answered() => Assert.Empty(FormPeople.Named(Form, []));

    [Theory]
    [InlineData("couple.registry", "341299101201")]
    [InlineData("couple.gone", null)]
    [InlineData("gone.registry", null)]
    [InlineData("couple", null)]
    public void An_answer_is_found_by_its_path(string path, string? value) => Assert.Equal(value, FormPeople.At(Data, path));
}
