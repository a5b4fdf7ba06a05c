using System.Globalization;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Designer.Pages;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.Extensions.Localization;
using Microsoft.JSInterop;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>Settings of a matter's draft, saved together; what the check finds stands beside what it concerns.</summary>
public sealed partial class SettingsPage
{
    private OpenMatter? matter;
    private SettingsEntry? entry;
    private MatterSettings? stored;
    private NumberCounters? counters;
    private IReadOnlyList<MatterFault> findings = [];
    private IReadOnlyList<string> workflows = [], knownTags = [];
    private string? done, message;
    private bool read, byCounty;

    [Parameter] public string Id { get; set; } = "";

    [Inject] private IStringLocalizer<SettingsTexts> T { get; set; } = null!;
    [Inject] private IStringLocalizer<PaperTexts> P { get; set; } = null!;
    [Inject] private IStringLocalizer<DesignerTexts> D { get; set; } = null!;
    [Inject] private IStringLocalizer<SharedTexts> S { get; set; } = null!;
    [Inject] private CaseWords Words { get; set; } = null!;
    [Inject] private ViewerAccessor Viewers { get; set; } = null!;
    [Inject] private OpenMatters Matters { get; set; } = null!;
    [Inject] private DesignerQuery Query { get; set; } = null!;
    [Inject] private PartSave Save { get; set; } = null!;
    [Inject] private SettingsCommands Commands { get; set; } = null!;
    [Inject] private NumberPreview Numbers { get; set; } = null!;
    [Inject] private MatterLibrary Library { get; set; } = null!;
    [Inject] private IJSRuntime Js { get; set; } = null!;

    private static string Language => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    protected override Task OnParametersSetAsync() => ReloadAsync();

    /// <summary>What is stored, in place of what was typed.</summary>
    private async Task ReloadAsync()
    {
        message = null;
        Save.Clear();
        var viewer = await Viewers.RequireAsync();
        matter = await Matters.FindAsync(viewer, Id);
        (read, entry, stored) = (true, null, null);
        if (matter is null) return;
        findings = matter.IsDraft ? await Query.FindingsAsync(viewer, Id) : [];
        counters = await Numbers.ReadAsync();
        knownTags = [.. Library.Current.SelectMany(r => r.Matter.Statistics).Distinct().Order(StringComparer.Ordinal)];
        try
        {
            var json = JsonFile.Require(JsonFile.Matter, matter.Files.GetValueOrDefault(JsonFile.Matter));
            (stored, byCounty) = (MatterSettings.Read(json), JsonFile.Text(json["applicants"]?["where"]) == "county");
            workflows = [.. (json["workflows"] as System.Text.Json.Nodes.JsonObject ?? []).Select(w => w.Key)];
            entry = SettingsEntry.Of(stored);
        }
        catch (Exception e) when (e is InvalidAnswersException or InvalidOperationException)
        {
            // Said by the page: the file has to be put right as a whole.
        }
    }

    private Task SaveAsync() => StoreAsync(matter!);

    private Task KeepAsync() => StoreAsync(Save.Theirs ?? matter!);

    private async Task StoreAsync(OpenMatter upon)
    {
        if (entry is null || stored is null) return;
        done = null;
        var (viewer, mine, before) = (await Viewers.RequireAsync(), entry.Settings, stored);
        var names = mine.Changed(before);
        var saved = await Save.SaveAsync(viewer, upon, m => Of(m) is { } there ? there.Part(names) : null, (m, key) => Commands.SaveAsync(viewer, Id, Of(m) is { } there ? mine.Upon(there, before, names) : mine, m.Draft, key));
        entry.Faults = Save.Faults;
        if (entry.Faults.FirstOrDefault(f => f.Path == "matter.json") is { } whole) message = Languages.IsEnglish ? whole.En : whole.Zh;
        if (entry.Faults.Count > 1) await Js.InvokeVoidAsync("desk.focus", "settings-faults");
        if (!saved) return;
        await ReloadAsync();
        done = P["Saved", matter?.Draft ?? 0];
    }

    /// <summary>Null: the file cannot be read.</summary>
    private static MatterSettings? Of(OpenMatter matter) => JsonFile.Read(matter.Files.GetValueOrDefault(JsonFile.Matter)).Root is { } root ? MatterSettings.Read(root) : null;

    private string? Next(SettingsEntry.Number row) => counters?.Next(row.Prefix.Trim(), row.Format.Trim(), byCounty)?.Number;

    private string IntervalHint(SettingsEntry.Cadence row) => row.Parameter.Length == 0 ? T["IntervalHint"] : T["IntervalOf", row.Parameter];

    private static void Drop<TRow>(List<TRow> rows, TRow row) => rows.Remove(row);

    private static void Tick(List<string> chosen, string status, bool on)
    {
        chosen.Remove(status);
        if (on) chosen.Add(status);
    }

    private bool Has(string path) => entry?.Faults.Any(f => f.Path == path) == true;

    private RenderFragment Fault(string path) => builder =>
    {
        foreach (var fault in entry?.Faults.Where(f => f.Path == path) ?? []) Line(builder, Languages.IsEnglish ? fault.En : fault.Zh, "alert");
    };

    /// <summary>What the draft's check says of these parts of the file.</summary>
    private RenderFragment Findings(params string[] paths) => builder =>
    {
        foreach (var fault in findings.Where(f => f is { IsError: true, File: "matter.json" } && paths.Any(p => f.Path.StartsWith(p, StringComparison.Ordinal)))) Line(builder, Languages.IsEnglish ? fault.Text.En : fault.Text.Zh, "note");
    };

    private static void Line(RenderTreeBuilder builder, string text, string role)
    {
        builder.OpenElement(0, "p");
        builder.AddAttribute(1, "class", "fault");
        builder.AddAttribute(2, "role", role);
        builder.AddContent(3, text);
        builder.CloseElement();
    }
}
