using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Queue;

/// <summary>The queue 待办: filters live in the address, so that back and a bookmark work.</summary>
public sealed partial class QueuePage
{
    private Viewer? viewer;
    private QueueView? view;
    private QueueFilter filter = new();
    private string? message;
    private Guid? claiming;

    [SupplyParameterFromQuery] public bool? Mine { get; set; }
    [SupplyParameterFromQuery] public string? Role { get; set; }
    [SupplyParameterFromQuery] public string? Limit { get; set; }
    [SupplyParameterFromQuery] public string? Matter { get; set; }
    [SupplyParameterFromQuery] public int? Page { get; set; }

    private string Heading => T[Mine switch { true => "QueueMine", false => "QueueFree", null => "QueueAll" }] + (Role is { } role ? $" · {Words.Role(role)}" : "");
    private List<string> Roles => [.. view!.Counts.Select(c => c.Role).Distinct().Order(StringComparer.Ordinal)];
    private List<string> Matters => [.. view!.Counts.Select(c => c.Matter).Distinct().Order(StringComparer.Ordinal)];
    private IEnumerable<Urgency> Shown => Enum.GetValues<Urgency>().Where(u => u == filter.Urgency || view!.Counts.Any(c => c.Urgency == u && (filter with { Urgency = null }).Holds(c)));

    protected override async Task OnParametersSetAsync()
    {
        filter = new QueueFilter(Mine, Role, Enum.TryParse<Urgency>(Limit, ignoreCase: true, out var urgency) ? urgency : null, Matter, Page ?? 1);
        message = null;
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        viewer = await Viewers.RequireAsync();
        if (!DeskRoles.WorkHere(viewer)) return;
        view = await Queue.ReadAsync(viewer, filter);
        Session.Show(view);
    }

    private async Task ClaimAsync(QueueRow row)
    {
        if (claiming is not null) return;
        claiming = row.TaskId;
        try
        {
            await Tasks.ClaimAsync(viewer!, row.TaskId);
            Snackbar.Add(T["Claimed", row.Number], Severity.Success);
            Navigation.NavigateTo($"/desk/cases/{row.CaseId}?task={row.TaskId}");
        }
        catch (NotAllowedException refusal)
        {
            message = Words.Refusal(refusal);
        }
        catch (AlreadyDecidedException other)
        {
            message = T["ClaimedByOther", row.Number, other.By, CaseWords.Instant(other.At)];
            await ReadAsync();
        }
        catch (UnknownCaseException)
        {
            await ReadAsync();
        }
        finally
        {
            claiming = null;
        }
    }

    private string Sum(Urgency? urgency) => view!.Count((filter with { Urgency = urgency }).Holds) + (view.More ? "+" : "");

    private void Go(Func<QueueFilter, QueueFilter> change) => Navigation.NavigateTo(Link(change));

    private string Link(Func<QueueFilter, QueueFilter> change)
    {
        var to = change(filter);
        return Navigation.GetUriWithQueryParameters("/desk", new Dictionary<string, object?>
        {
            ["mine"] = to.Mine, ["role"] = to.Role, ["limit"] = to.Urgency?.ToString(), ["matter"] = to.Matter, ["page"] = to.Page == 1 ? null : to.Page,
        });
    }

    private string MatterName(string id) => Library.Find(id)?.Matter.Name.In(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? id;
    private static string Is(bool current) => current ? "true" : "false";
    private static string? Text(ChangeEventArgs e) => e.Value is string { Length: > 0 } text ? text : null;
}
