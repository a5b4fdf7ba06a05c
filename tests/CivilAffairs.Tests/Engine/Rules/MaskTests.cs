using CivilAffairs.Engine.Rules;

namespace CivilAffairs.Tests.Engine.Rules;

public class MaskTests
{
    [Theory]
    [InlineData("张三", "张*")]
    [InlineData("欧阳小明", "欧***")]
    [InlineData("𠮷野", "𠮷*")]
    [InlineData("野𠮷", "野*")]
    [InlineData("张", "*")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void A_name_keeps_its_first_character(string? name, string expected) => Assert.Equal(expected, Mask.Name(name));

    [Theory]
    [InlineData("34129919580419001X", "341299********001X")]
    [InlineData("34129919", "********")]
    public void An_id_number_keeps_six_and_four(string number, string expected) => Assert.Equal(expected, Mask.Id(number));

    [Theory]
    [InlineData("6228480438123456784", "***************6784")]
    [InlineData("1234567", "*******")]
    public void An_account_keeps_the_last_four(string number, string expected) => Assert.Equal(expected, Mask.Account(number));

    [Theory]
    [InlineData("13812341234", "138****1234")]
    [InlineData("12345", "*****")]
    public void A_phone_keeps_three_and_four(string number, string expected) => Assert.Equal(expected, Mask.Phone(number));

    [Theory]
    [InlineData("示例县东河镇柳湾村12号", "示例县东河镇柳湾村****")]
    [InlineData("示例县东河镇柳湾村", "示例县东河镇柳湾村****")]
    [InlineData("东河镇幸福路12号阳光社区3栋", "东河镇****")]
    [InlineData("幸福路12号", "****")]
    [InlineData("１２号柳湾村", "****")]
    [InlineData("", "")]
    public void An_address_ends_at_the_village_and_never_shows_a_house_number(string address, string expected) =>
        Assert.Equal(expected, Mask.Address(address));
}
