using System.Net;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>Types the answers of an example into the pages of a draft, as a person would: page by page, answering what appears.</summary>
internal static class FormTyping
{
    /// <returns>The draft's path.</returns>
    public static async Task<string> StartAsync(SignedIn person, string matter)
    {
        using var begun = await person.SubmitAsync($"/my/apply/{matter}", []);
        Assert.Equal(HttpStatusCode.Redirect, begun.StatusCode);
        return begun.Headers.Location!.ToString();
    }

    /// <summary>Every section of the form that the example answers.</summary>
    public static async Task TypeAsync(SignedIn person, string draft, FormFile form, JsonObject answers)
    {
        foreach (var section in form.Sections.Where(s => answers[s.Id] is not null))
        {
            if (section.Repeat is null)
            {
                await PageAsync(person, $"{draft}/{section.Id}", section, answers[section.Id]!.AsObject());
                continue;
            }
            foreach (var (row, i) in answers[section.Id]!.AsArray().Select((r, i) => (r!.AsObject(), i))) await PageAsync(person, $"{draft}/{section.Id}/{i}", section, row);
            using var listed = await person.SubmitAsync($"{draft}/{section.Id}", new() { ["go"] = "on" });
            Assert.True(listed.StatusCode == HttpStatusCode.Redirect, $"{section.Id}: {(int)listed.StatusCode}");
        }
    }

    private static async Task PageAsync(SignedIn person, string path, FormSection section, JsonObject answers)
    {
        var typed = section.Fields.Where(f => answers[f.Id] is not null).ToDictionary(f => $"a-{f.Id}", f => FieldText.Write(f, answers[f.Id]));
        typed["go"] = "on";
        var page = await person.PageAsync(path);
        // At most three rounds: what appears may make something else appear.
        for (var round = 0; round < 3; round++)
        {
            using var answer = await person.SendAsync(page, path, typed);
            page.Dispose();
            if (answer.StatusCode == HttpStatusCode.Redirect) return;
            page = await SignedIn.ReadAsync(answer);
            Assert.True(page.QuerySelector(".summary") is null, $"{path}: {page.QuerySelector(".summary")?.TextContent}");
        }
        page.Dispose();
        Assert.Fail($"{path} goes on asking.");
    }
}
