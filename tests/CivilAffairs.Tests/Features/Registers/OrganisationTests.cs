using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Documents;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Renewal 换证 and rectification 责令整改 of social organisations that an import brought, as real cases on both databases.</summary>
public sealed class OrganisationTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    // Worked example 33 of the domain: issued 2022-11-20 for four years.
    private static readonly DateOnly From = new(2022, 11, 20), To = new(2026, 11, 19);

    /// <summary>A founding whose code another organisation has decides nothing and writes nothing over it.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_founding_never_writes_over_another_organisation(string kind)
    {
        var app = await databases.GetAsync(kind);
        var founded = new CaseStory(app, "so-founding");
        var caseId = await founded.PlayAsync("association");
        await Assert.ThrowsAsync<CaseFaultedException>(() => new CaseStory(app, "so-founding").PlayAsync("association"));
        await using var db = founded.Open();
        var subject = (await db.Set<Case>().SingleAsync(c => c.Id == caseId)).SubjectId;
        Assert.NotNull(subject);
        Assert.Equal([caseId], await db.Set<RegisterEntry>().Where(e => e.SubjectId == subject && e.Register == "organisations").Select(e => e.CaseId!.Value).Distinct().ToListAsync());
    }

    [Theory]
    [InlineData(Databases.Sqlite, "51", "granted", "2031-11-19")]
    [InlineData(Databases.Postgres, "51", "granted", "2031-11-19")]
    [InlineData(Databases.Sqlite, "52", "silent", "2030-11-19")]
    [InlineData(Databases.Postgres, "52", "silent", "2030-11-19")]
    public async Task A_renewal_brings_a_certificate_from_the_day_after_the_old_one(string kind, string begin, string example, string last)
    {
        if (!Databases.Kinds.Contains(kind)) return;
        var app = await databases.GetAsync(kind);
        var organisations = await Organisations.InAsync(app);
        var of = await organisations.EnterAsync(From, To, begin);
        var caseId = await organisations.RenewAsync(example, of, s =>
        {
            s.Form["organisation"]!["address"] = "青河镇石桥村新址";
            return s;
        });
        await using var db = organisations.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(("Granted", of.SubjectId, of.Name, Organisations.County, null), (@case.Status, @case.SubjectId, @case.ApplicantName, @case.County, @case.Township));
        // Nobody looked within five working days: accepted as of receipt [XK 32].
        Assert.Equal(new DateOnly(2026, 10, example == "silent" ? 12 : 13), @case.AcceptedOn);
        var renewed = await db.Set<Certificate>().SingleAsync(c => c.RenewsId == of.CertificateId);
        Assert.Equal((new DateOnly(2026, 11, 20), DateOnly.ParseExact(last, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), of.SubjectId, of.Name, null), (renewed.ValidFrom, renewed.ValidTo!.Value, renewed.SubjectId, renewed.HolderName, renewed.PersonId));
        // A renewal pays nothing, so nothing comes after it.
        Assert.Empty((await Web.Features.Cases.CaseStory.ReadAsync(db, @case, app.Services.GetRequiredService<MatterLibrary>().Find(@case.Matter)!)).Ahead);
        // The register has a new version from the decision on; the one before stays.
        var ledger = app.Services.GetRequiredService<SubjectLedger>();
        var subject = await db.Set<RegisterSubject>().SingleAsync(s => s.Id == of.SubjectId);
        Assert.Equal("青河镇石桥村新址", (string?)(await ledger.CurrentAsync(db, subject))["address"]);
        Assert.Equal("青河镇柳树村文化中心", (string?)ledger.Fields((await SubjectLedger.OnAsync(db, subject, new(2026, 10, 25)))!)["address"]);
        Assert.Equal(new DateOnly(2026, 10, 26), (await db.Set<RegisterEntry>().SingleAsync(e => e.CaseId == caseId)).ValidFrom);
        // Officers saw what differed.
        var dossier = await app.Services.GetRequiredService<DossierQuery>().ReadAsync(Support.CaseStory.Officer("dhd-9", Roles.DepartmentHead, Organisations.County), caseId);
        Assert.Equal("青河镇柳树村文化中心", (string?)dossier!.Before!["address"]);
        // Letters to the organisation and to the unit above it.
        Assert.Equal(["holder", "supervisor"], await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.Template == "granted.mail").OrderBy(m => m.Contact).Select(m => m.Contact).ToListAsync());
        // Everybody may know whether it is in force, and nothing of a person's.
        var paper = await db.Set<IssuedDocument>().SingleAsync(d => d.Id == renewed.DocumentId);
        var (_, _, shown) = (await app.Services.GetRequiredService<Verification>().FindAsync(paper.VerifyCode, default))!.Value;
        Assert.Equal((of.Name, renewed.ValidFrom, renewed.ValidTo), (shown!.Holder, shown.ValidFrom, shown.ValidTo));
        await SoundAsync(app, db);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Applied_for_after_the_end_it_counts_from_the_decision(string kind)
    {
        var organisations = await Organisations.InAsync(await databases.GetAsync(kind));
        var of = await organisations.EnterAsync(From, To);
        await organisations.RenewAsync("late", of);
        await using var db = organisations.Open();
        Assert.Equal((new DateOnly(2026, 12, 8), new DateOnly(2031, 12, 7)), (await db.Set<Certificate>().SingleAsync(c => c.RenewsId == of.CertificateId)) is var c ? (c.ValidFrom, c.ValidTo!.Value) : default);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_who_the_register_names_applies_online_once_and_for_an_organisation_that_is_there(string kind)
    {
        var app = await databases.GetAsync(kind);
        var organisations = await Organisations.InAsync(app);
        var (of, other) = (await organisations.EnterAsync(From, To), await organisations.EnterAsync(From, To));
        await RefusedAsync(() => organisations.RenewAsync("granted", of, by: other.Representative), "法定代表人或者经办人");
        await RefusedAsync(() => organisations.RenewAsync("granted", of with { Uscc = Codes.Next() }), "登记簿里没有这个组织");
        await organisations.RenewAsync("granted", of, until: new DateTimeOffset(2026, 10, 13, 12, 0, 0, TimeSpan.FromHours(8)));
        await RefusedAsync(() => organisations.RenewAsync("granted", of), "已有正在办理的同类申请");
        // At the counter the clerk of the county files for whoever comes; one of another county does not.
        var clerk = Support.CaseStory.Officer("soc-counter", Roles.OrganisationClerk, Organisations.County);
        Assert.NotEqual(Guid.Empty, await organisations.RenewAsync("granted", other, until: new DateTimeOffset(2026, 10, 12, 12, 0, 0, TimeSpan.FromHours(8)), by: clerk));
        // Filled from the register only for who may act.
        var drafts = app.Services.GetRequiredService<DraftCommands>();
        await Assert.ThrowsAsync<UnknownCaseException>(() => drafts.StartAboutAsync(other.Representative, "so-renewal", of.SubjectId, "k"));
        var draft = await drafts.StartAboutAsync(other.Representative, "so-renewal", other.SubjectId, "k2");
        Assert.Equal(draft, await drafts.StartAboutAsync(other.Representative, "so-renewal", other.SubjectId, "k2"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_has_expired_is_rectified_or_listed_until_it_is_taken_off(string kind)
    {
        var app = await databases.GetAsync(kind);
        var organisations = await Organisations.InAsync(app);
        var (good, bad) = (await organisations.EnterAsync(From, To), await organisations.EnterAsync(From, To));
        var closed = await organisations.RectifyAsync("rectified", good);
        var listed = await organisations.RectifyAsync("listed", bad);
        await using var db = organisations.Open();
        Assert.Equal([("Ended", closed), ("Registered", listed)], (await db.Set<Case>().Where(c => c.Id == closed || c.Id == listed).ToListAsync()).Select(c => (c.Status, c.Id)).OrderBy(c => c.Status));
        var line = await db.Set<RegisterEntry>().SingleAsync(e => e.Register == "so-abnormal" && e.SubjectId == bad.SubjectId);
        Assert.Equal((listed, new DateOnly(2026, 12, 29), "{\"reason\":\"certificateExpired\"}"), (line.CaseId!.Value, line.ValidFrom, line.Entry));
        Assert.False(await db.Set<RegisterEntry>().AnyAsync(e => e.Register == "so-abnormal" && e.SubjectId == good.SubjectId));
        var notice = await db.Set<PublicNotice>().SingleAsync(n => n.CaseId == listed);
        // It hangs as long as the line is valid.
        Assert.Equal((Organisations.County, line.Id, null, null), (notice.Division, notice.EntryId!.Value, notice.GrantId, notice.LastDay));
        Assert.Contains(bad.Name, notice.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("茶永年", notice.Html, StringComparison.Ordinal);
        var again = await organisations.EnterAsync(From, To);
        var removed = await organisations.RectifyAsync("removed", again);
        Assert.Equal("Ended", (await db.Set<Case>().SingleAsync(c => c.Id == removed)).Status);
        var ended = await db.Set<RegisterEntry>().SingleAsync(e => e.Register == "so-abnormal" && e.SubjectId == again.SubjectId);
        Assert.Equal((new DateOnly(2026, 12, 24), new DateOnly(2026, 12, 30)), (ended.ValidFrom, ended.ValidTo!.Value));
        Assert.Equal(new DateOnly(2026, 12, 30), (await db.Set<PublicNotice>().SingleAsync(n => n.CaseId == removed)).LastDay);
        Assert.Null((await db.Set<PublicNotice>().AsNoTracking().SingleAsync(n => n.CaseId == listed)).LastDay);
        // The letter of the order went to the organisation, to the unit above it and to the clerk's post.
        Assert.Equal(["holder", "supervisor"], await db.Set<OutboxMessage>().Where(m => m.CaseId == listed && m.Template == "rectify.mail" && m.Contact != null).OrderBy(m => m.Contact).Select(m => m.Contact).ToListAsync());
        await SoundAsync(app, db);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_clerk_opens_one_by_hand_for_a_cause_that_there_is(string kind)
    {
        var app = await databases.GetAsync(kind);
        var organisations = await Organisations.InAsync(app);
        var of = await organisations.EnterAsync(From, To);
        var cases = organisations.Cases(new StoryClock(new DateTimeOffset(2026, 3, 2, 2, 0, 0, TimeSpan.Zero)));
        var clerk = Support.CaseStory.Officer("soc-hand", Roles.OrganisationClerk, Organisations.County);
        await Assert.ThrowsAsync<UnknownCaseException>(() => cases.OpenByHandAsync(Support.CaseStory.Officer("cap-hand", Roles.CountyApprover, Organisations.County), of.SubjectId, "so-rectification", "changeUnfiled", "a"));
        Assert.Equal("subject.cause", (await Assert.ThrowsAsync<NotAllowedException>(() => cases.OpenByHandAsync(clerk, of.SubjectId, "so-rectification", "dislike", "b"))).Reason);
        var opened = await cases.OpenByHandAsync(clerk, of.SubjectId, "so-rectification", "addressUnreachable", "c");
        Assert.Equal(opened, await cases.OpenByHandAsync(clerk, of.SubjectId, "so-rectification", "addressUnreachable", "c"));
        Assert.Equal("subject.open", (await Assert.ThrowsAsync<NotAllowedException>(() => cases.OpenByHandAsync(clerk, of.SubjectId, "so-rectification", "addressUnreachable", "d"))).Reason);
        await using var db = organisations.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == opened);
        Assert.Equal(clerk.AccountId, @case.ChangedById);
        // An organisation that has no account reports at the clerk's counter, and at nobody else's.
        var report = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == opened && t.Role == Roles.Applicant);
        var rules = app.Services.GetRequiredService<TaskRules>();
        Assert.Null(await rules.RefusalAsync(db, clerk, @case, report));
        Assert.NotNull(await rules.RefusalAsync(db, Support.CaseStory.Officer("dhd-hand", Roles.DepartmentHead, Organisations.County), @case, report));
        Assert.NotNull(await rules.RefusalAsync(db, Support.CaseStory.Officer("soc-other", Roles.OrganisationClerk, "341298"), @case, report));
    }

    private static async Task RefusedAsync(Func<Task> what, string said) =>
        Assert.Contains((await Assert.ThrowsAsync<InvalidAnswersException>(what)).Faults, f => f.Zh.Contains(said, StringComparison.Ordinal));

    private static async Task SoundAsync(TestApp app, CivilAffairs.Web.Platform.Data.CivilAffairsDb db)
    {
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }
}
