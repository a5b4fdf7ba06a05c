using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>Works out what a form's <c>estimate</c> says of answers that need not be complete. Pure.</summary>
internal static class Estimates
{
    /// <param name="Values">By step.</param>
    /// <param name="AmountFen">Null: not eligible, or the matter pays nothing.</param>
    internal sealed record Result(bool Eligible, long? AmountFen, IReadOnlyDictionary<string, JsonNode?> Values);

    /// <exception cref="InvalidAnswersException">A step needs an answer that is not there; the fault names the step.</exception>
    public static Result Of(FormEstimate estimate, FormEvaluator form, FormAnswers answers)
    {
        var (facts, values) = (form.Facts(answers).Values, new JsonObject());
        using var script = form.Script(answers with { Data = form.Prune(answers) });
        foreach (var step in estimate.Steps)
        {
            script.Worked(facts, values);
            var read = FactReader.Read([step.AsFact()], script);
            if (read.Faults.Count > 0 || read.Values[step.Id] is not { } value)
                throw new InvalidAnswersException([FormEvaluator.Fault(step.Id, MatterMessages.Text("estimate.missing", new Words { Zh = step.Zh, En = step.En }))]);
            values[step.Id] = value.DeepClone();
        }
        var eligible = values[estimate.Eligible]!.GetValue<bool>();
        return new(eligible, eligible && estimate.Amount is { } amount ? values[amount]!.GetValue<long>() : null, values.ToDictionary(v => v.Key, v => v.Value));
    }
}
