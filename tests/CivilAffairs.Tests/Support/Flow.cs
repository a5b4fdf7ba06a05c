using System.Text.Json.Nodes;

namespace CivilAffairs.Tests.Support;

/// <summary>Writes small genuine definitions for tests: activities in a line unless connected otherwise.</summary>
public sealed class Flow(string id = "flow")
{
    private readonly JsonArray activities = [];
    private readonly JsonArray connections = [];
    private readonly JsonArray variables = [];
    private readonly JsonArray inputs = [];

    public Flow Variable(string name, string type = "Object")
    {
        variables.Add(new JsonObject { ["id"] = $"v-{name}", ["name"] = name, ["typeName"] = type, ["storageDriverTypeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core" });
        return this;
    }

    /// <summary>An input of the definition.</summary>
    public Flow Input(string name, string type = "String")
    {
        inputs.Add(new JsonObject { ["name"] = name, ["type"] = type });
        return this;
    }

    /// <param name="inputs">Name and value; a value that starts with <c>js:</c> is JavaScript, with <c>liquid:</c> Liquid, one that starts with <c>[</c> an Object expression, <c>-> X</c> binds an output to a variable.</param>
    public Flow Add(string type, string activity, params (string Name, object Value)[] inputs)
    {
        var json = new JsonObject { ["id"] = activity, ["name"] = activity, ["type"] = type, ["version"] = 1 };
        foreach (var (name, value) in inputs) json[name] = Value(value);
        activities.Add(json);
        return this;
    }

    /// <summary>Sets a property of an activity to JSON as it stands.</summary>
    public Flow With(string activity, string property, string json)
    {
        activities.OfType<JsonObject>().Single(a => (string?)a["id"] == activity)[property] = JsonNode.Parse(json);
        return this;
    }

    public Flow Connect(string source, string target, string port = "Done")
    {
        connections.Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = source, ["port"] = port },
            ["target"] = new JsonObject { ["activity"] = target, ["port"] = "In" },
        });
        return this;
    }

    /// <summary>A flowchart inside this one; its id is the inner flow's.</summary>
    public Flow Nest(Flow inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        activities.Add(inner.Root());
        return this;
    }

    public override string ToString() => new JsonObject
    {
        ["definitionId"] = "test", ["id"] = "test-1", ["name"] = "Test", ["version"] = 1, ["variables"] = variables.DeepClone(), ["inputs"] = inputs.DeepClone(),
        ["root"] = Root(),
    }.ToJsonString();

    private JsonObject Root() =>
        new() { ["id"] = id, ["name"] = id, ["type"] = "Elsa.Flowchart", ["activities"] = activities.DeepClone(), ["connections"] = connections.DeepClone() };

    private static JsonObject Value(object value)
    {
        if (value is string text && text.StartsWith("-> ", StringComparison.Ordinal))
            return new JsonObject { ["typeName"] = "Object", ["memoryReference"] = new JsonObject { ["id"] = $"v-{text[3..]}" } };
        var (type, content) = value switch
        {
            string js when js.StartsWith("js:", StringComparison.Ordinal) => ("JavaScript", JsonValue.Create(js[3..])),
            string liquid when liquid.StartsWith("liquid:", StringComparison.Ordinal) => ("Liquid", JsonValue.Create(liquid[7..])),
            string list when list.StartsWith('[') => ("Object", JsonValue.Create(list)),
            string literal => ("Literal", JsonValue.Create(literal)),
            int number => ("Literal", JsonValue.Create(number)),
            bool flag => ("Literal", JsonValue.Create(flag)),
            _ => throw new ArgumentException($"No input from {value}."),
        };
        return new JsonObject { ["expression"] = new JsonObject { ["type"] = type, ["value"] = content } };
    }
}
