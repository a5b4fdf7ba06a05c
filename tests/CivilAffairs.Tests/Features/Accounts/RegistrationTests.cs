using System.Net;
using AngleSharp.Dom;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Accounts;

public sealed class RegistrationTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static Dictionary<string, string> Form(string idNumber, string name = "李四", string mobile = "13800001234", string password = "a-long-enough-one", string? again = null) => new()
    {
        ["Name"] = name, ["IdNumber"] = idNumber, ["Mobile"] = mobile, ["Email"] = "li@example.cn", ["Password"] = password, ["Again"] = again ?? password,
    };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_registers_is_signed_in_and_known_by_number_without_the_number_being_stored(string kind)
    {
        var app = await databases.GetAsync(kind);
        var number = TestAccounts.IdNumber();
        using var person = SignedIn.Nobody(app);
        using var done = await person.SubmitAsync("/register?returnUrl=%2Fapply", Form(number));
        Assert.Equal("/apply", done.Headers.Location?.ToString());
        using var home = await person.PageAsync("/");
        Assert.Contains("李四", home.QuerySelector("header")!.TextContent, StringComparison.Ordinal);

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var (ring, cipher) = (app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
        var stored = await db.FindPersonAsync(ring, number);
        Assert.NotNull(stored);
        Assert.Equal((number, "13800001234", "li@example.cn"), (stored.IdNumber(cipher), stored.Phone(cipher), stored.Email(cipher)));
        Assert.DoesNotContain(number, stored.NumberCipher, StringComparison.Ordinal);
        var account = await db.Users.SingleAsync(a => a.PersonId == stored.Id);
        Assert.True(account is { Email: null, PhoneNumber: null, Kind: AccountKind.Applicant });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_fault_is_said_at_its_field_and_only_the_passwords_are_lost(string kind)
    {
        var app = await databases.GetAsync(kind);
        using var person = SignedIn.Nobody(app);
        var number = TestAccounts.IdNumber();
        var wrong = number[..17] + (number[17] == '1' ? '2' : '1');
        using var answer = await person.SubmitAsync("/register", Form(wrong, mobile: "12", password: "short"));
        using var page = await SignedIn.ReadAsync(answer);
        Assert.Equal(["IdNumber", "Mobile", "Password"], page.QuerySelectorAll(".summary a").Select(a => a.GetAttribute("href")![1..]).Order());
        foreach (var field in new[] { "IdNumber", "Mobile", "Password" })
        {
            Assert.Equal("true", page.GetElementById(field)!.GetAttribute("aria-invalid"));
            Assert.NotEmpty(page.GetElementById(field + "-error")!.TextContent);
        }
        Assert.Equal(("李四", wrong, "12"), (Value(page, "Name"), Value(page, "IdNumber"), Value(page, "Mobile")));
        Assert.Null(Value(page, "Password"));
        Assert.Null(Value(page, "Again"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_second_account_for_one_person_is_refused_without_a_word_about_the_first(string kind)
    {
        var app = await databases.GetAsync(kind);
        var number = TestAccounts.IdNumber();
        await TestAccounts.ApplicantAsync(app, number, name: "王五六", mobile: "13700009999");
        using var person = SignedIn.Nobody(app);
        using var answer = await person.SubmitAsync("/register", Form(number.ToLowerInvariant()));
        using var page = await SignedIn.ReadAsync(answer);
        Assert.Contains("已经注册过账号", page.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("王五六", page.Source.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("13700009999", page.Source.Text, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_registrations_at_once_make_one_account(string kind)
    {
        var app = await databases.GetAsync(kind);
        var number = TestAccounts.IdNumber();
        using SignedIn one = SignedIn.Nobody(app), two = SignedIn.Nobody(app);
        var answers = await Task.WhenAll(one.SubmitAsync("/register", Form(number)), two.SubmitAsync("/register", Form(number)));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Redirect], answers.Select(a => a.StatusCode).Order());
        foreach (var answer in answers) answer.Dispose();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_on_file_already_must_give_the_same_name_and_mobile(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (ring, cipher) = (app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
        var number = TestAccounts.IdNumber();
        var onFile = Persons.New(ring, cipher, number, "赵六", DateTimeOffset.UtcNow);
        onFile.Reach(ring, cipher, "13700008888", null);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(onFile)));
        using var person = SignedIn.Nobody(app);
        foreach (var form in new[] { Form(number, "赵七", "13700008888"), Form(number, "赵六", "13700008887") })
        {
            using var refused = await person.SubmitAsync("/register", form);
            using var page = await SignedIn.ReadAsync(refused);
            Assert.Contains("不一致", page.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
        }
        using var done = await person.SubmitAsync("/register", Form(number, "赵六", "13700008888"));
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.True(await db.Users.AnyAsync(a => a.PersonId == onFile.Id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_changed_password_is_the_only_one_that_works(string kind)
    {
        var app = await databases.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app);
        using var person = await SignedIn.AsAsync(app, account.UserName!);
        using var wrong = await person.SubmitAsync("/password", new() { ["Current"] = "not the current", ["Password"] = "another-long-one", ["Again"] = "another-long-one" });
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        using var done = await person.SubmitAsync("/password", new() { ["Current"] = TestAccounts.Password, ["Password"] = "another-long-one", ["Again"] = "another-long-one" });
        Assert.Equal(HttpStatusCode.Redirect, done.StatusCode);
        using var stillIn = await person.PageAsync("/password");
        using var again = await SignedIn.AsAsync(app, account.UserName!, "another-long-one");
        using var nobody = SignedIn.Nobody(app);
        using var old = await nobody.SignInAsync(account.UserName!, TestAccounts.Password);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    private static string? Value(IDocument page, string id) => page.GetElementById(id)!.GetAttribute("value");
}
