using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Counter;

/// <summary>A clerk files for somebody who came in, in a real browser: look up, type, lose the page, come back, check, file, print.</summary>
public sealed class CounterStoryTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_clerk_files_for_a_person_and_nothing_typed_is_lost(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var story = new CaseStory(app);
        var form = (await story.PrepareAsync("granted")).Form;
        var applicant = form["applicant"]!;
        await TestAccounts.ApplicantAsync(app, (string)applicant["idNumber"]!, (string)applicant["name"]!, (string)applicant["phone"]!);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        var faults = new List<string>();
        page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };
        await SignInAsync(page, clerk.UserName!, "/desk/counter");
        await LookAsync(page, $"counter-empty-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "代办：农村最低生活保障" }).ClickAsync();

        // Who came in: known, and shown masked only.
        await page.FillAsync("#identify", (string)applicant["idNumber"]!);
        await page.PressAsync("#identify", "Enter");
        await Assertions.Expect(page.Locator("#s-identify")).ToContainTextAsync("已登记");
        await Assertions.Expect(page.Locator("#s-applicant output")).ToHaveCountAsync(3);
        Assert.DoesNotContain((string)applicant["name"]!, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain((string)applicant["phone"]!, await page.ContentAsync(), StringComparison.Ordinal);

        // A wrong answer is told by its field, in the words of the applicant's pages, and kept as it was typed.
        await page.FillAsync("#contact-email", "nobody");
        await page.PressAsync("#contact-email", "Enter");
        await Assertions.Expect(page.Locator("#email-fault")).ToBeVisibleAsync();
        await page.FillAsync("#contact-email", "someone@example.invalid");
        await page.ClickAsync("#add-members");
        // The keyboard goes to the new row's first field.
        await Assertions.Expect(page.Locator("[id^=e-members-0-]").First).ToBeFocusedAsync();
        await page.FillAsync("#e-members-0-idNumber", "341299196203050121");
        await page.PressAsync("#e-members-0-idNumber", "Enter");
        await Assertions.Expect(page.Locator("#e-members-0-idNumber-fault")).ToContainTextAsync("最后一位不对");
        await Assertions.Expect(page.Locator("#e-members-0-relation")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByText("已保存")).ToBeVisibleAsync();
        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("#e-members-0-idNumber")).ToHaveValueAsync("341299196203050121");
        await Assertions.Expect(page.Locator("#contact-email")).ToHaveValueAsync("someone@example.invalid");
        await page.Locator("#check").ClickAsync();
        await Assertions.Expect(page.Locator("#fault-list")).ToBeFocusedAsync();
        await LookAsync(page, $"counter-faults-{width}");

        await CounterForm.FillAsync(page, story.Revision.Form, form);
        await page.SetInputFilesAsync("[id^=e-attachments-] >> nth=0", new FilePayload { Name = "说明.txt", MimeType = "image/png", Buffer = "not a picture"u8.ToArray() });
        await Assertions.Expect(page.Locator(".scan .fault").First).ToContainTextAsync("格式");
        while (await page.Locator(".scan:has(.waits) input[type=file]").CountAsync() is > 0 and var left)
        {
            await page.Locator(".scan:has(.waits) input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = "扫描件.png", MimeType = "image/png", Buffer = SamplePicture.Png });
            await Assertions.Expect(page.Locator(".scan:has(.waits) input[type=file]")).ToHaveCountAsync(left - 1);
        }
        await LookAsync(page, $"counter-filled-{width}");
        await page.Locator("#check").ClickAsync();
        await Assertions.Expect(page.Locator("#check-title")).ToBeFocusedAsync();
        // It came by post yesterday; a day to come is refused by the field, and the rest stays.
        await page.FillAsync("#field-occurredOn", "2099-01-01");
        await page.Locator("#file").ClickAsync();
        await Assertions.Expect(page.Locator("#field-occurredOn-fault")).ToHaveTextAsync("日期不能晚于今天。");
        var yesterday = CivilAffairs.Web.Platform.Time.BureauTime.Day(DateTimeOffset.UtcNow).AddDays(-1);
        await page.FillAsync("#field-occurredOn", yesterday.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        await Assertions.Expect(page.Locator("#field-occurredOn-fault")).ToHaveCountAsync(0);
        await LookAsync(page, $"counter-check-{width}");
        await page.Locator("#file").DblClickAsync();
        await Assertions.Expect(page.Locator(".receipt h1")).ToHaveTextAsync("申请回执");
        await LookAsync(page, $"counter-receipt-{width}");
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.Locator(".desk-bar")).ToBeHiddenAsync();
        await Browser.PictureAsync(page, $"counter-receipt-print-{width}");
        await page.EmulateMediaAsync(new() { Media = Media.Screen });

        await using var db = story.Open();
        var filed = await db.Set<Case>().SingleAsync(c => c.FiledById == clerk.Id);
        Assert.Equal(("Submitted", Channel.Counter), (filed.Status, filed.Channel));
        await page.GotoAsync($"/desk/cases/{filed.Id}");
        await Assertions.Expect(page.Locator(".case-head")).ToContainTextAsync($"由 {clerk.DisplayName} 在窗口代为录入");
        await page.GotoAsync("/desk/counter");
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync(filed.Number!);
        await LookAsync(page, $"counter-{width}");
        Assert.Empty(faults);
    }
}
