using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.People;

/// <summary>Runs a command of the page and puts its refusal into words.</summary>
internal sealed class PersonGuard(CaseWords words, IStringLocalizer<PersonTexts> texts)
{
    /// <returns>Message null: it was done. Faults by field.</returns>
    public async Task<(string? Message, IReadOnlyDictionary<string, string> Faults)> TryAsync(Func<Task> work)
    {
        try
        {
            await work();
            return (null, new Dictionary<string, string>());
        }
        catch (InvalidAnswersException wrong)
        {
            return (texts["FaultsBelow"], wrong.Faults.ToDictionary(f => f.Path, f => Languages.IsEnglish ? f.En : f.Zh));
        }
        catch (NotAllowedException refusal)
        {
            return (words.Refusal(refusal), new Dictionary<string, string>());
        }
        catch (UnknownCaseException)
        {
            return (texts["Gone"], new Dictionary<string, string>());
        }
        catch (BusyException)
        {
            return (texts["Busy"], new Dictionary<string, string>());
        }
    }
}
