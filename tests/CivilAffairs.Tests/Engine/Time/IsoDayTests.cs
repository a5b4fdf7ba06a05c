using System.Globalization;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Tests.Engine.Time;

/// <summary>Data is read and written the same wherever and for whomever the product runs.</summary>
public sealed class IsoDayTests
{
    /// <summary>Thailand counts from the Buddha, Saudi Arabia by the moon: neither changes what stands in a file.</summary>
    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en-GB")]
    [InlineData("th-TH")]
    [InlineData("ar-SA")]
    public void A_day_is_read_and_written_alike_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal(new DateOnly(2026, 2, 28), IsoDay.Read("2026-02-28"));
            Assert.Equal("2026-02-28", IsoDay.Write(new DateOnly(2026, 2, 28)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026-2-28")]
    [InlineData("2026-02-29")]
    [InlineData("2026/02/28")]
    [InlineData("20260228")]
    [InlineData(" 2026-02-28")]
    [InlineData("2026-02-28T00:00:00")]
    [InlineData("２０２６-02-28")]
    public void Anything_else_is_no_day(string? text) => Assert.Null(IsoDay.Read(text));
}
