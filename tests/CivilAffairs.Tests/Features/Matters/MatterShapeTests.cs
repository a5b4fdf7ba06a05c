using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters;

/// <summary>A file of a matter with another kind of value than it must hold: told in the reader's language, by line and by what it concerns.</summary>
public sealed partial class MatterShapeTests
{
    private static readonly Type[] Roots = [typeof(MatterFile), typeof(FormFile), typeof(ExampleFile)];

    // One of each kind that JSON has, and the numbers that are none of ours.
    private static readonly string[] Kinds = ["null", "\"x\"", "7", "1.5", "99999999999999999999", "true", "[]", "[null]", "[7]", "{}", """{"a": null}"""];

    /// <summary>Every shape that can be met from the three files.</summary>
    public static TheoryData<string> Shapes() => [.. Parts().Select(t => t.Name).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Shapes))]
    public void Every_property_of_every_part_with_every_other_kind_is_told_where_the_reader_refuses_it(string name)
    {
        var shape = Parts().Single(t => t.Name == name);
        var whole = Whole(shape).AsObject();
        Assert.NotNull(Read(shape, whole.ToJsonString(), out var none));
        Assert.Empty(none);
        foreach (var property in MatterJson.Options.GetTypeInfo(shape).Properties.Where(p => p.Set is not null && !p.IsExtensionData))
            foreach (var kind in Kinds.Append(null))
            {
                var wrong = whole.DeepClone().AsObject();
                if (kind is null) wrong.Remove(property.Name);
                else wrong[property.Name] = JsonNode.Parse(kind);
                var text = wrong.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
                if (Read(shape, text, out var faults) is not null) continue;
                Assert.NotEmpty(faults);
                // The place and not the file: the fallback would say nothing.
                Assert.All(faults, f => Assert.True(f.Path != "$" || kind is null, $"{name}.{property.Name} = {kind}: {f}"));
                Assert.All(faults, f => Assert.Contains(property.Name, f.Text.Zh + f.Path, StringComparison.Ordinal));
                AssertPlain(faults.Select(f => f.Text));
                Assert.All(faults.Where(f => f.Text != MatterMessages.Text("file.nullItem")), f => Assert.Matches(@"^第\d+行：", f.Text.Zh));
            }
    }

    [Fact]
    public void It_is_told_by_line_question_and_what_is_expected_in_both_languages()
    {
        const string text = """
            {
              "sections": [
                { "id": "applicant", "title": {"zh": "申请人", "en": "Applicant"}, "repeat": {"max": "many", "itemTitle": {"zh": "人", "en": "Person"}}, "fields": [
                  { "id": "name", "type": 7, "label": {"zh": "姓名", "en": "Name"} },
                  { "id": "age", "type": "integer", "label": {"zh": "年龄", "en": 3}, "required": 1, "options": {} }
                ] }
              ],
              "parties": {}
            }
            """;
        var faults = MatterShape.Faults("form.json", text, typeof(FormFile));
        Assert.Equal(["$.parties", "$.sections[0].fields[0].type", "$.sections[0].fields[1].label.en", "$.sections[0].fields[1].options", "$.sections[0].fields[1].required", "$.sections[0].repeat.max"], faults.Select(f => f.Path).Order(StringComparer.Ordinal));
        LocalText At(string path) => faults.Single(f => f.Path == path).Text;
        Assert.Equal(new LocalText("第3行：“人”的“max”应是不带小数的整数，现在是文字“many”。", "Line 3: “max” of “Person” must be a whole number; it is the text “many”."), At("$.sections[0].repeat.max"));
        Assert.StartsWith("第4行：“姓名”的“type”应是以下之一：", At("$.sections[0].fields[0].type").Zh, StringComparison.Ordinal);
        Assert.Equal("第5行：“年龄”的“label”里的“en”应是文字（写在双引号里），现在是数字 3。", At("$.sections[0].fields[1].label.en").Zh);
        Assert.Equal("Line 5: “required” of “年龄” must be yes or no (true or false), or a condition written as text; it is the number 1.", At("$.sections[0].fields[1].required").En);
        Assert.Equal("第5行：“年龄”的“options”应是列表（写在方括号里），现在是一组项目。", At("$.sections[0].fields[1].options").Zh);
        Assert.Equal("第8行：“parties”应是列表（写在方括号里），现在是一组项目。", At("$.parties").Zh);
    }

    [Theory]
    [InlineData("", "$", "空")]
    [InlineData("  \n ", "$", "空")]
    [InlineData("{\n  \"id\": \"a\"\n  \"name\": 1\n}", "$.id", "第3行")]
    [InlineData("{\n  \"id\": \"a\",\n}", "$.id", "第3行")]
    [InlineData("{\n  \"id\": \"a\"\n", "$.id", "末尾")]
    [InlineData("{\n  \"id\": \"a\n}", "$.id", "第2行")]
    [InlineData("{\n  \"id\": \"a\",\n  \"id\": \"b\"\n}", "$.id", "第3行：“id”在同一处写了两次")]
    [InlineData("{\n  \"id\": \"\\ud800\"\n}", "$.id", "半个字符")]
    [InlineData("{ // so\n}", "$", "第1行")]
    [InlineData("{} x", "$", "第1行第4个字符（“{} x”附近）")]
    [InlineData("\uFEFF{}", "$", "第1行")]
    [InlineData("{'id': 1}", "$", "第1行")]
    [InlineData("[1, 2]", "$", "一组项目")]
    [InlineData("7", "$", "一组项目")]
    public void What_is_no_JSON_is_told_by_line_and_never_in_the_reader_s_words(string text, string path, string said)
    {
        Assert.Null(Read(typeof(MatterFile), text, out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal(path, fault.Path);
        Assert.Contains(said, fault.Text.Zh, StringComparison.Ordinal);
        AssertPlain([fault.Text]);
    }

    [Fact]
    public void Depth_is_told_and_does_not_overflow()
    {
        Assert.Null(Read(typeof(MatterFile), string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), out var faults));
        Assert.Contains("套得太深", Assert.Single(faults).Text.Zh, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void A_shipped_matter_with_anything_in_its_files_replaced_is_told_in_plain_words(string matter)
    {
        var files = MatterBundle.Read(ShippedMatters.Load(matter).Revision!.Bundle);
        var (said, random) = (0, new Random(7));
        var json = files.Keys.Where(f => f.EndsWith(".json", StringComparison.Ordinal)).ToList();
        for (var round = 0; round < 40; round++)
        {
            var file = json[round % json.Count];
            var tree = JsonNode.Parse(files[file])!;
            var all = All(tree).ToList();
            var chosen = all[random.Next(all.Count)];
            var other = JsonNode.Parse(Kinds[random.Next(Kinds.Length)]);
            if (chosen.Parent is JsonArray list) list[list.IndexOf(chosen)] = other;
            else if (chosen.Parent is JsonObject map) map[chosen.GetPropertyName()] = other;
            var faults = MatterFolder.FromFiles(new Dictionary<string, string>(files) { [file] = tree.ToJsonString() }).Faults;
            said += faults.Count;
            AssertPlain(faults.Select(f => f.Text));
        }
        Assert.True(said > 10, $"{said} faults of 40 replacements");
    }

    /// <summary>Nothing of .NET: neither its words nor its types nor its paths.</summary>
    internal static void AssertPlain(IEnumerable<LocalText> texts) => Assert.All(texts, text =>
    {
        Assert.DoesNotMatch(DotNet(), text.Zh);
        Assert.DoesNotMatch(DotNet(), text.En);
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", text.Zh);
    });

    private static MatterPart? Read(Type shape, string text, out List<MatterFault> faults)
    {
        var found = new List<MatterFault>();
        var read = (MatterPart?)typeof(MatterJson).GetMethod(nameof(MatterJson.Read))!.MakeGenericMethod(shape).Invoke(null, ["x.json", text, found]);
        faults = [.. found.Where(f => f.IsError)];
        return read;
    }

    /// <summary>Something valid of every property, the inner parts whole as well.</summary>
    private static JsonNode Whole(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string) || type == typeof(JsonElement) || type == typeof(JsonNode)) return "a";
        if (type == typeof(bool) || type == typeof(Condition)) return true;
        if (type == typeof(int) || type == typeof(long)) return 1;
        if (type == typeof(DateOnly)) return "2026-03-01";
        if (type == typeof(DateTimeOffset)) return "2026-03-01T09:00:00+08:00";
        if (type == typeof(JsonObject)) return new JsonObject();
        var info = MatterJson.Options.GetTypeInfo(type);
        if (info.Kind == JsonTypeInfoKind.Enumerable) return new JsonArray(Whole(info.ElementType!));
        if (info.Kind == JsonTypeInfoKind.Dictionary) return new JsonObject { ["k"] = Whole(info.ElementType!) };
        Assert.Equal((JsonTypeInfoKind.Object, true), (info.Kind, typeof(MatterPart).IsAssignableFrom(type)));
        return new JsonObject(info.Properties.Where(p => p.Set is not null && !p.IsExtensionData).Select(p => KeyValuePair.Create(p.Name, (JsonNode?)Whole(p.PropertyType))));
    }

    private static HashSet<Type> Parts()
    {
        var (found, left) = (new HashSet<Type>(), new Stack<Type>(Roots));
        while (left.TryPop(out var type))
        {
            if (!typeof(MatterPart).IsAssignableFrom(type))
            {
                foreach (var inner in type.GetGenericArguments()) left.Push(inner);
                continue;
            }
            if (!found.Add(type)) continue;
            foreach (var property in MatterJson.Options.GetTypeInfo(type).Properties.Where(p => !p.IsExtensionData)) left.Push(property.PropertyType);
        }
        return found;
    }

    private static IEnumerable<JsonNode> All(JsonNode node)
    {
        var children = node switch { JsonObject map => map.Select(p => p.Value), JsonArray list => list, _ => [] };
        return children.OfType<JsonNode>().SelectMany(child => All(child).Prepend(child));
    }

    [GeneratedRegex(@"System\.|\w+Exception|JSON value|could not be converted|BytePosition|LineNumber|Path: |is an invalid|is invalid (after|within)|required propert|\$\.|\$\[|CivilAffairs\.Web|Object reference")]
    private static partial Regex DotNet();
}
