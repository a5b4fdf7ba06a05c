using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Desk.Counter;

/// <summary>The form at the counter, in a real browser.</summary>
internal static class CounterForm
{
    /// <summary>Types an application as a clerk does, field after field.</summary>
    public static async Task FillAsync(IPage page, FormFile form, JsonObject answers)
    {
        foreach (var section in form.Sections)
        {
            var rows = section.Repeat is null ? [answers[section.Id] as JsonObject ?? []] : (answers[section.Id] as JsonArray ?? []).Select(r => r!.AsObject()).ToList();
            foreach (var (row, i) in rows.Select((r, i) => (r, i)))
            {
                if (section.Repeat is not null && await page.Locator($"#e-{section.Id}-{i}-{section.Fields[0].Id}").CountAsync() == 0)
                {
                    await page.ClickAsync($"#add-{section.Id}");
                    await Assertions.Expect(page.Locator($"#e-{section.Id}-{i}-{section.Fields[0].Id}")).ToBeFocusedAsync();
                }
                foreach (var field in section.Fields.Where(f => row[f.Id] is not null))
                    await TypeAsync(page, field, row[field.Id]!, section.Repeat is null ? $"#e-{section.Id}-{field.Id}" : $"#e-{section.Id}-{i}-{field.Id}");
            }
        }
    }

    private static async Task TypeAsync(IPage page, FormField field, JsonNode value, string input)
    {
        var at = page.Locator(input);
        await at.WaitForAsync();
        // Known and masked: left as it is.
        if (await at.EvaluateAsync<string>("e => e.tagName") == "BUTTON") return;
        if (field.Validators.Any(v => v.Rule == "mustBeTrue")) await at.CheckAsync();
        else if (field.Type == "choices")
        {
            foreach (var chosen in value.AsArray()) await page.Locator($"input[name='{input[1..]}'][value='{chosen}']").CheckAsync();
        }
        else if (field.Type is "choice" or "boolean" or "division") await at.SelectOptionAsync(FieldText.Write(field, value));
        else
        {
            await at.FillAsync(FieldText.Write(field, value));
            await at.BlurAsync();
        }
    }
}
