using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Matters.Forms;

public class FieldTextTests
{
    [Theory]
    [InlineData("money", "1,200.5", "120050")]
    [InlineData("money", "１２００元", "120000")]
    [InlineData("money", "¥0.01", "1")]
    [InlineData("money", "-5", "-500")]
    [InlineData("integer", "１２", "12")]
    [InlineData("date", "2026年2月11日", "\"2026-02-11\"")]
    [InlineData("date", "2026.2.11", "\"2026-02-11\"")]
    [InlineData("boolean", "on", "true")]
    [InlineData("idNumber", "341299 19580419 001x", "\"34129919580419001X\"")]
    [InlineData("text", "  a  ", "\"a\"")]
    [InlineData("text", "   ", null)]
    public void What_people_type_is_stored_in_one_form(string type, string typed, string? stored)
    {
        var (value, fault) = FieldText.Read(Field(type), typed);
        Assert.Null(fault);
        Assert.Equal(stored, value?.ToJsonString());
    }

    [Theory]
    [InlineData("money", "1.234")]
    [InlineData("money", "ten")]
    [InlineData("integer", "1.5")]
    [InlineData("date", "2026-02-30")]
    [InlineData("boolean", "maybe")]
    public void What_cannot_be_read_is_told(string type, string typed)
    {
        var (value, fault) = FieldText.Read(Field(type), typed);
        Assert.Null(value);
        Assert.Contains("题目", fault!.Zh, StringComparison.Ordinal);
        Assert.Contains("question", fault.En, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(120000, "1200")]
    [InlineData(120050, "1200.50")]
    [InlineData(-1, "-0.01")]
    public void Fen_are_written_as_yuan(long fen, string yuan) => Assert.Equal(yuan, FieldText.Yuan(fen));

    private static FormField Field(string type) => new() { Id = "q", Type = type, Label = new Words { Zh = "题目", En = "question" } };
}
