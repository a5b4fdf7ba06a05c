using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>What the applicant has begun, sent and got.</summary>
internal sealed class MyModel(MyCases mine, MyOrganisations organisations, Refusals words, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    // An applicant has a handful; the oldest beyond this are found by their number at the office.
    private const int Most = 100;

    /// <summary>How many the person acts for.</summary>
    public int Organisations { get; private set; }
    public IReadOnlyList<Line> Drafts { get; private set; } = [];
    public IReadOnlyList<Line> Cases { get; private set; } = [];

    /// <param name="Waiting">Something is asked of the applicant, until then.</param>
    /// <param name="Unread">New messages.</param>
    public sealed record Line(Case Case, Words Matter, string Status, WorkTask? Waiting, int Unread)
    {
        public bool IsReverification => Case is { Channel: Channel.Office, GrantId: not null };
    }

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var (found, _) = await mine.ReadAsync(await ViewerAsync(cancel), null, 1, Most, cancel);
        var lines = found.Select(m => new Line(m.Case, m.Matter.Name, m.Matter.StatusWord(m.Case.Status) ?? words.Status(m.Case.Status), m.Waiting, m.Unread)).ToList();
        Organisations = (await organisations.ReadAsync(await ViewerAsync(cancel), cancel)).Count;
        Drafts = lines.FindAll(l => l.Case.Status == "Draft");
        Cases = [.. lines.Where(l => l.Case.Status != "Draft").OrderByDescending(l => l.Waiting is not null).ThenByDescending(l => l.Case.SubmittedAt)];
    }
}

/// <summary><c>/my/apply/{matter}</c>: begins a draft.</summary>
internal sealed class StartModel(DraftCommands drafts, MatterLibrary library, MyCases cases, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true)]
    public string Matter { get; set; } = "";

    public MatterFile Offered { get; private set; } = null!;

    /// <summary>Whoever had to sign in first arrives here and goes on with one more click: a draft is begun by a form, never by a link.</summary>
    public async Task OnGetAsync(CancellationToken cancel)
    {
        Offered = library.FindOffered(Matter)?.Matter ?? throw new UnknownCaseException();
        if (Offered.Applicants.OnePerHousehold) Open = await cases.OpenAsync(await ViewerAsync(cancel), Matter, cancel);
    }

    /// <summary>An application for the same that is not decided yet, where the matter allows no second; null: there is none.</summary>
    public OpenApplication? Open { get; private set; }

    public async Task<IActionResult> OnPostAsync(string? key, CancellationToken cancel)
    {
        if (library.FindOffered(Matter) is null) throw new UnknownCaseException();
        var id = await drafts.StartAsync(await ViewerAsync(cancel), Matter, key is { Length: > 0 and <= 100 } ? key : Key, cancel);
        return LocalRedirect($"/my/drafts/{id}");
    }
}

/// <summary>A file of a case as a download, never shown inside the site.</summary>
internal sealed class CaseFileModel(FileCommands files, ViewerAccessor viewers) : ApplicantPage(viewers)
{
    [BindProperty(SupportsGet = true)]
    public Guid FileId { get; set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var (content, type, name) = await files.ReadAsync(await ViewerAsync(cancel), Id, FileId, cancel);
        return File(content, type, name);
    }
}
