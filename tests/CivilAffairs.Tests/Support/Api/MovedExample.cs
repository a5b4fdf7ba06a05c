using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Support.Api;

internal static class MovedExample
{
    /// <summary>The same, begun at another time: whatever is done later is done as much later as before.</summary>
    public static ExampleFile Moved(this ExampleFile example, DateTimeOffset at)
    {
        var by = at - example.At;
        return example with { At = at, Answers = example.Answers.ToDictionary(a => a.Key, a => (IReadOnlyList<ExampleAnswer>)[.. a.Value.Select(v => v with { At = v.At + by })]) };
    }
}
