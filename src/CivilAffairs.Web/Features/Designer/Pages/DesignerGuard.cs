using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Pages;

/// <summary>Runs a command from a page, and puts a refusal into words; nothing that was typed is touched.</summary>
public sealed class DesignerGuard(IStringLocalizer<DesignerTexts> texts, CaseWords words)
{
    /// <param name="work">Commands.</param>
    /// <param name="stale">Key of what is said where somebody else was first, with who ({0}) and when ({1}).</param>
    /// <returns>What to tell; null: it was done. Faults stand by their fields.</returns>
    public async Task<(string? Message, IReadOnlyList<FieldFault> Faults)> RunAsync(Func<Task> work, string stale = "Stale")
    {
        try
        {
            await work();
            return (null, []);
        }
        catch (InvalidAnswersException wrong)
        {
            return (null, wrong.Faults);
        }
        catch (StaleVersionException other)
        {
            return (other.By.Length > 0 ? texts[stale, other.By, Display.Time(other.At)] : texts["StaleUnknown"], []);
        }
        catch (NotAllowedException refusal)
        {
            return (words.Refusal(refusal), []);
        }
        catch (UnknownCaseException)
        {
            return (texts["Gone"], []);
        }
        catch (BusyException)
        {
            return (texts["Busy"], []);
        }
    }
}
