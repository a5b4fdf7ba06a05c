using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>Somebody who applies for their household: only clicks and types what the pages offer, with or without JavaScript.</summary>
internal sealed class Household(WatchedPage watched, FormFile form, JsonObject answers)
{
    public const string Password = "correct-horse-9";

    private IPage Page => watched.Page;
    private JsonObject Applicant => answers["applicant"]!.AsObject();

    /// <summary>From the first page: registers as the applicant of the answers.</summary>
    public async Task RegisterAsync()
    {
        await Page.GotoAsync("/");
        await watched.LookAsync("home");
        await Page.ClickAsync(".masthead a[href='/sign-in']");
        await watched.LookAsync("sign-in");
        await Page.ClickAsync("main a[href^='/register']");
        await Page.ClickAsync("main button[type=submit]");
        await watched.LookAsync("register");
        await Page.FillAsync("#Name", (string)Applicant["name"]!);
        await Page.FillAsync("#IdNumber", (string)Applicant["idNumber"]!);
        await Page.FillAsync("#Mobile", (string)Applicant["phone"]!);
        await Page.FillAsync("#Email", "household@people.example");
        await Page.FillAsync("#Password", Password);
        await Page.FillAsync("#Again", Password);
        await Page.Locator("main button[type=submit]").FollowAsync();
        await Page.GotoAsync("/my");
        await watched.LookAsync("my-empty");
    }

    /// <summary>Signs in again, as anybody does whose session ended.</summary>
    public async Task SignInAsync(string? userName = null, string password = Password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.FillAsync("#UserName", userName ?? (string)Applicant["idNumber"]!);
        await Page.FillAsync("#Password", password);
        await Page.ClickAsync("main form:has(#Password) button[type=submit]");
        await Page.AtAsync("my");
    }

    /// <summary>From the guide through every section to the receipt.</summary>
    /// <param name="matter">The card that is chosen.</param>
    /// <param name="paper">Name of the file that is attached.</param>
    /// <returns>The case's number.</returns>
    public async Task<string> ApplyAsync(string matter = "rural-dibao", string paper = "income.pdf")
    {
        await Page.GotoAsync("/");
        await Page.Locator($".card a[href$='/{matter}']").ClickAsync();
        await watched.LookAsync("guide");
        await Page.Locator("main a.primary").First.ClickAsync();
        await watched.LookAsync("start");
        await Page.Locator("main button[type=submit]").FollowAsync();
        await watched.LookAsync("draft");
        var draft = new Uri(Page.Url).AbsolutePath;
        await Page.GotoAsync($"{draft}/check-answers");
        await watched.LookAsync("check-answers-empty");
        await Page.GotoAsync(draft);
        await Page.Locator(".tasks a").First.FollowAsync();
        while (Here() is var id && form.Sections.FirstOrDefault(s => s.Id == id) is { } section)
        {
            if (section.Repeat is null) await FillAsync(section, answers[id]!.AsObject(), id);
            else await ListAsync(section, answers[id] as JsonArray ?? [], id);
        }
        await AttachAsync(paper);
        await Page.Locator(".actions a.primary").FollowAsync();
        await watched.LookAsync("check-answers");
        await Page.Locator("form.send button[type=submit]").FollowAsync();
        await watched.LookAsync("receipt");
        return await Page.Locator(".done-panel .number").InnerTextAsync();
    }

    /// <summary>The page's section: the part of the address after the draft's id.</summary>
    private string Here() => new Uri(Page.Url).AbsolutePath.Split('/')[4];

    private async Task ListAsync(FormSection section, JsonArray rows, string name)
    {
        await watched.LookAsync($"{name}-none");
        foreach (var row in rows)
        {
            await Page.Locator(".actions a").First.FollowAsync();
            await FillAsync(section, row!.AsObject(), $"{name}-row");
        }
        if (rows.Count > 0) await watched.LookAsync($"{name}-listed");
        await Page.Locator("button[name=go][value=on]").FollowAsync();
    }

    /// <summary>Answers one page, and what it asks because of the answers.</summary>
    public async Task FillAsync(FormSection section, JsonObject row, string name)
    {
        var asked = Page.Url;
        for (var round = 0; round < 3; round++)
        {
            foreach (var field in section.Fields.Where(f => row[f.Id] is not null)) await AnswerAsync(field, FieldText.Write(field, row[field.Id]));
            if (round == 0) await watched.LookAsync(name);
            await Page.Locator("button[name=go][value=on]").FollowAsync();
            if (Page.Url != asked) return;
            Assert.Equal(0, await Page.Locator(".summary").CountAsync());
        }
        Assert.Fail($"{asked} goes on asking.");
    }

    private async Task AnswerAsync(FormField field, string text)
    {
        var name = $"[name='a-{field.Id}']";
        if (await Page.Locator($"select{name}").CountAsync() > 0) await Page.SelectOptionAsync($"select{name}", text);
        else if (await Page.Locator($"{name}:is([type=radio],[type=checkbox])").CountAsync() > 0) await Page.CheckAsync($"{name}[value='{text}']");
        else if (await Page.Locator(name).CountAsync() > 0) await Page.FillAsync(name, text);
    }

    private async Task AttachAsync(string paper)
    {
        await Page.Locator("form[enctype] button").First.FollowAsync();
        Assert.Equal(1, await Page.Locator(".summary").CountAsync());
        await Page.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = paper, MimeType = "application/pdf", Buffer = "%PDF-1.4\n"u8.ToArray() });
        await Page.Locator("form[enctype] button").First.FollowAsync();
        await Assertions.Expect(Page.Locator(".rows strong")).ToHaveTextAsync(paper);
        await watched.LookAsync("attachments");
    }
}
