using CivilAffairs.Engine.Rules;
using static CivilAffairs.Tests.Engine.Time.Calendars;

namespace CivilAffairs.Tests.Engine.Rules;

public class NumberRulesTests
{
    private static readonly DateOnly Today = Day("2026-11-24");

    [Theory]
    [InlineData("34129919580419001X", "1958-04-19", true)]   // 1
    [InlineData("34129919350718102x", "1935-07-18", false)]  // 4: upper-cased
    [InlineData("341299 19580419 001X", "1958-04-19", true)]
    [InlineData("３４１２９９１９５８０４１９００１Ｘ", "1958-04-19", true)]
    public void A_valid_id_number_tells_birth_and_sex(string typed, string born, bool male)
    {
        var (number, fault) = IdNumber.Read(typed, Today);
        Assert.Null(fault);
        Assert.Equal((Day(born), male), (number!.Born, number.IsMale));
    }

    [Theory]
    [InlineData("341299196203050121", "idNumber.checkDigit", "0")] // 2
    [InlineData("341299199002301126", "idNumber.date", null)]      // 3: before the checksum
    [InlineData("99129919580419001X", "idNumber.province", null)]
    [InlineData("341299205804190010", "idNumber.date", null)]      // not yet born
    [InlineData("34129919580419001", "idNumber.shape", null)]
    [InlineData("34129919580419X01X", "idNumber.shape", null)]
    [InlineData("", "idNumber.shape", null)]
    [InlineData(null, "idNumber.shape", null)]
    public void A_wrong_id_number_is_refused_with_the_reason(string? typed, string key, string? detail)
    {
        var (number, fault) = IdNumber.Read(typed, Today);
        Assert.Null(number);
        Assert.Equal(new RuleFault(key, detail), fault);
    }

    [Theory]
    [InlineData("51341299MJ0A12341C", null, null)]                     // 5
    [InlineData("51341299MJ0A12341D", "uscc.checkCharacter", "C")]     // 6
    [InlineData("91341299MJ0A123418", "uscc.kind", "51")]              // 7
    [InlineData("51341299MI0A12341C", "uscc.shape", null)]             // 8: no letter I
    public void A_credit_code_is_checked_for_an_association(string typed, string? key, string? detail) =>
        Assert.Equal(key is null ? null : new RuleFault(key, detail), Uscc.Check(typed, SocialOrganisation.Association));

    [Fact] // 7
    public void The_checksum_alone_accepts_other_registrars() => Assert.Null(Uscc.Check("91341299MJ0A123418"));

    [Fact]
    public void The_organisation_code_inside_has_its_own_check_character()
    {
        var first17 = "51341299MJ0A12342";
        Assert.Equal("uscc.organisationCode", Uscc.Check(first17 + Uscc.CheckCharacter(first17), SocialOrganisation.Association)!.Key);
    }

    [Theory] // 9
    [InlineData("34129919580419001X41", Disability.Limb, 1, 0)]
    [InlineData("34129919580419001X72b2", Disability.Multiple, 2, 2)]
    public void A_disability_card_tells_kind_and_level(string typed, Disability kind, int level, int reissues)
    {
        var (card, fault) = DisabilityCard.Read(typed, Today);
        Assert.Null(fault);
        Assert.Equal((kind, level, reissues), (card!.Kind, card.Level, card.Reissues));
    }

    [Theory]
    [InlineData("34129919580419001X81", "disabilityCard.shape")]
    [InlineData("34129919580419001X45", "disabilityCard.shape")]
    [InlineData("34129919580419001X", "disabilityCard.shape")]
    [InlineData("34129919620305012141", "idNumber.checkDigit")]
    public void A_wrong_disability_card_is_refused(string typed, string key) =>
        Assert.Equal(key, DisabilityCard.Read(typed, Today).Fault!.Key);

    [Theory]
    [InlineData("6228480438123456784", null)]                       // 10
    [InlineData("6228 4804 3812 3456 784", null)]
    [InlineData("6228480438123456785", "account.cardCheckDigit")]   // 10
    [InlineData("622848043812345", "account.cardShape")]
    [InlineData("62284804381234567840", "account.cardShape")]
    public void A_bank_card_has_a_check_digit(string typed, string? key) => Assert.Equal(key, Account.CheckCard(typed)?.Key);

    [Theory]
    [InlineData("12345678", true)]
    [InlineData("1234567", false)]
    [InlineData("123456781234567812345678123456781", false)]
    [InlineData("1234567A", false)]
    public void A_passbook_has_8_to_32_digits_and_no_check_digit(string typed, bool valid) =>
        Assert.Equal(valid, Account.CheckPassbook(typed) is null);

    [Theory]
    [InlineData("13812341234", true)]
    [InlineData("12812341234", false)]
    [InlineData("1381234123", false)]
    [InlineData("1381234123a", false)]
    public void A_mobile_number_has_11_digits_from_13_to_19(string typed, bool valid) => Assert.Equal(valid, Mobile.Check(typed) is null);

    [Fact] // 32
    public void The_fifth_marriage_of_the_year_has_this_certificate_number()
    {
        var series = NumberFormat.Read("{prefix}{division}-{year}-{sequence:6}")!.SeriesOf("J");
        Assert.Equal("J341299-2026-000005", NumberFormat.Print(series, "341299", 2026, 5));
        Assert.Equal("J341299-2026-1000000", NumberFormat.Print(series, "341299", 2026, 1_000_000));
    }

    [Fact]
    public void A_document_number_names_kind_year_and_a_sequence_of_five_digits()
    {
        var series = NumberFormat.Read(null)!.SeriesOf("低保受");
        Assert.Equal("低保受", series);
        Assert.Equal("低保受341299〔2026〕00012", NumberFormat.Print(series, "341299", 2026, 12));
        Assert.Equal("低保受341299〔2026〕100000", NumberFormat.Print(series, "341299", 2026, 100_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => NumberFormat.Print(series, "341299", 2026, 0));
    }

    [Theory]
    [InlineData("{prefix}{division}-{year}")]
    [InlineData("{prefix}{year}-{sequence:6}")]
    [InlineData("{prefix}{division}{division}-{year}-{sequence:6}")]
    [InlineData("{prefix}{division}-{year}-{sequence}")]
    [InlineData("{prefix}{division}-{year}-{sequence:0}")]
    [InlineData("{prefix}{division}-{year}-{sequence:6}{office}")]
    [InlineData("{prefix}{division}-{year}-{sequence:6}}")]
    [InlineData("{prefix}{division}-------------------{year}-{sequence:6}")]
    public void A_format_that_could_give_one_number_twice_is_none(string text) => Assert.Null(NumberFormat.Read(text));
}
