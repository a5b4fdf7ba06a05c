using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Gives an example people of its own: invented names, numbers under the unassigned division 341299, another village, and
/// where the example leaves room another size of household, another income and another reason. What officers answered
/// follows the figures, so that the outcome stays the example's.
/// </summary>
internal static class Families
{
    /// <summary>Family names, and given ones of the country; the invented people of the county are made of both.</summary>
    public static IReadOnlyList<string> Surnames { get; } = ["周", "吴", "郑", "孙", "钱", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "许", "何", "吕", "施", "张", "孔", "曹", "严", "华", "金", "魏", "陶", "姜", "谢", "邹", "喻", "柏", "章", "苏", "潘", "葛"];
    public static IReadOnlyList<string> Given { get; } = ["大山", "秀兰", "春生", "桂花", "长河", "玉珍", "石头", "小满", "立秋", "冬梅", "福田", "银杏", "守田", "月英", "禾苗", "青松", "水根", "巧云", "麦香", "土生", "白露", "谷雨", "荷花", "小雪", "柳根", "豆苗", "梅子", "溪生", "丰收", "杏儿", "竹青", "芒种"];

    private static readonly (string Code, string Text)[] Reasons =
    [
        ("illness", "家中有慢性病人，长期吃药，收入不足以维持基本生活。"), ("illness", "主要劳动力患病，不能外出务工。"), ("age", "家中老人多，只有少量田地收入。"),
        ("study", "孩子上学开支大，家里只靠种地。"), ("disaster", "去年庄稼受灾，收成减少。"), ("work", "缺少劳动力，没有稳定收入。"),
    ];

    /// <summary>Examples whose household may be smaller, whose outcome stays a grant whatever is left of the family.</summary>
    private static readonly string[] AnySize = ["granted", "corrected", "relative", "check-objected", "returned", "withdrawn", "not-accepted", "correction-lapsed"];

    /// <summary>Examples that turn on one figure to the fen.</summary>
    private static readonly string[] Exact = ["exact-amount", "just-below-the-line", "equal-to-the-line", "savings-at-the-limit", "savings-over-the-limit"];

    private const long Standard = 900_000, Declared = 2_160_000;

    /// <param name="name">The example's, without <c>.json</c>.</param>
    /// <param name="number">Each gives other people.</param>
    /// <param name="village">Code and name.</param>
    public static ExampleFile Settle(ExampleFile example, string name, int number, (string Code, string Name) village, Random dice)
    {
        ArgumentNullException.ThrowIfNull(example);
        ArgumentNullException.ThrowIfNull(dice);
        var form = example.Form.DeepClone().AsObject();
        var answers = example.Answers;
        if (form["members"] is JsonArray { Count: 4 } members && !Exact.Contains(name))
        {
            var (persons, income) = Figures(name, dice);
            while (members.Count > persons) members.RemoveAt(members.Count - 1);
            Earn(members, income);
            var (code, text) = Reasons[dice.Next(Reasons.Length)];
            (form["reason"]!["code"], form["reason"]!["text"]) = (code, text);
            var savings = form["property"] is JsonArray { Count: 1 } property ? dice.Next(8, 90) * 10_000L : 500_000L;
            if (form["property"] is JsonArray { Count: 1 } only) only[0]!["value"] = savings;
            answers = Adjusted(answers, persons, income - Declared, savings, dice);
        }
        return example with { Form = People(form, number, village, dice), Answers = answers };
    }

    /// <summary>The answers of a re-verification, from the household as it was granted.</summary>
    /// <param name="persons">Of the granted household.</param>
    /// <param name="income">Counted then, fen a year.</param>
    public static ExampleFile Again(ExampleFile example, int persons, long income, Random dice) => example with { Answers = Adjusted(example.Answers, persons, income - Declared, null, dice) };

    /// <summary>Persons and counted income (fen a year) of a household that filed.</summary>
    public static (int Persons, long Income) Of(JsonObject form) => form["members"] is JsonArray members
        ? (members.Count, members.Sum(m => (long?)m!["wages"] ?? 0) + members.Sum(m => (long?)m!["business"] ?? 0)) : (0, 0);

    /// <summary>The same for the figures of another person count and income; null: the example needs the household as it is in it.</summary>
    private static (int Persons, long Income) Figures(string name, Random dice)
    {
        var persons = AnySize.Contains(name) ? dice.Next(10) switch { < 4 => 4, < 7 => 3, _ => 2 } : 4;
        // Half to nine tenths of what the standard allows, in whole hundreds of yuan; elsewhere about the example's.
        var (from, to) = AnySize.Contains(name) ? (persons * Standard * 45 / 100, persons * Standard * 78 / 100) : (1_920_000, 2_350_000);
        return (persons, dice.NextInt64(from, to) / 10_000 * 10_000);
    }

    private static void Earn(JsonArray members, long income)
    {
        var wages = income * 45 / 100 / 1000 * 1000;
        var business = income * 30 / 100 / 1000 * 1000;
        (members[0]!["wages"], members[0]!["business"], members[1]!["business"]) = (wages, business, income - wages - business);
    }

    private static Dictionary<string, IReadOnlyList<ExampleAnswer>> Adjusted(IReadOnlyDictionary<string, IReadOnlyList<ExampleAnswer>> answers, int persons, long by, long? savings, Random dice)
    {
        var category = dice.Next(100) < 62 ? "unsteady" : "stable";
        return answers.ToDictionary(a => a.Key, a => (IReadOnlyList<ExampleAnswer>)[.. a.Value.Select(answer => answer.Result is JsonObject result ? answer with { Result = Adjust(result.DeepClone().AsObject()) } : answer)]);

        JsonObject Adjust(JsonObject result)
        {
            if ((long?)result["incomeFen"] is { } income) result["incomeFen"] = income == 4 * Standard ? persons * Standard : income + by;
            if ((long?)result["savingsFen"] is 500_000 && savings is { } saved) result["savingsFen"] = saved;
            foreach (var field in new[] { "members", "protectedPersons" })
                if ((int?)result[field] == 4) result[field] = persons;
            if (savings is not null && (string?)result["category"] == "unsteady") result["category"] = category;
            return result;
        }
    }

    private static JsonObject People(JsonObject form, int number, (string Code, string Name) village, Random dice)
    {
        var household = form["members"] is JsonArray;
        var text = form.ToJsonString(DemoStories.Plain);
        // Born some years later than in the example, all alike: parents stay older than their children.
        var (years, months) = (household ? dice.Next(-2, 8) : dice.Next(-14, 0), dice.Next(12));
        foreach (var id in Households.IdNumbers(text)) text = text.Replace(id, Households.Born(id, number, years, months), StringComparison.Ordinal);
        var family = dice.Next(Surnames.Count);
        var first = dice.Next(Given.Count);
        foreach (var (name, i) in DemoStories.Names(form).Distinct().Select((n, i) => (n, i)))
            // Who married in, and the old mother, have names of their own.
            text = text.Replace($"\"{name}\"", $"\"{Surnames[(family + (i % 4 is 0 or 2 ? 0 : 7 + 5 * i)) % Surnames.Count]}{Given[(first + 5 * i) % Given.Count]}\"", StringComparison.Ordinal);
        text = text.Replace("138000000", string.Create(CultureInfo.InvariantCulture, $"1380{number % 100_000:00000}"), StringComparison.Ordinal)
            .Replace("柳树村一组", $"{village.Name}{"一二三四五六七八"[dice.Next(8)]}组", StringComparison.Ordinal)
            .Replace("6228480438123456784", Card(number), StringComparison.Ordinal);
        var moved = JsonNode.Parse(text)!.AsObject();
        if (moved["applicant"]?["hukouDivision"] is not null) moved["applicant"]!["hukouDivision"] = village.Code;
        return moved;
    }

    /// <summary>An invented card number with its check digit (Luhn).</summary>
    private static string Card(int number)
    {
        var first = string.Create(CultureInfo.InvariantCulture, $"622848043812{number % 1_000_000:000000}");
        var sum = first.Reverse().Select((c, i) => (c - '0') * (i % 2 == 0 ? 2 : 1)).Sum(d => d > 9 ? d - 9 : d);
        return first + (10 - sum % 10) % 10;
    }
}
