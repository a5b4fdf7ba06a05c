using CivilAffairs.Web.Features.Desk.Absences;
using CivilAffairs.Web.Features.Accounts;
using CivilAffairs.Web.Features.Accounts.Api;
using CivilAffairs.Web.Features.Api;
using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Apply.Api;
using CivilAffairs.Web.Features.Mail.Calls;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Messages;
using CivilAffairs.Web.Features.Cases.Payments;
using CivilAffairs.Web.Features.Cases.Supervision;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Studio;
using CivilAffairs.Web.Features.Desk;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Print;
using CivilAffairs.Web.Features.Designer.Moves;
using CivilAffairs.Web.Features.Desk.Handover;
using CivilAffairs.Web.Features.Desk.Recusal;
using CivilAffairs.Web.Features.Documents;
using CivilAffairs.Web.Features.Home;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Jobs.Board;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Mail.Choice;
using CivilAffairs.Web.Features.Mail.Office;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Notices;
using CivilAffairs.Web.Features.Operations;
using CivilAffairs.Web.Features.Overview;
using CivilAffairs.Web.Features.Parameters;
using CivilAffairs.Web.Features.People;
using CivilAffairs.Web.Features.Projection;
using CivilAffairs.Web.Features.PublicBoard;
using CivilAffairs.Web.Features.Registers;
using CivilAffairs.Web.Features.Registers.Benefits;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Features.Reminders.Digest;
using CivilAffairs.Web.Features.Retention;
using CivilAffairs.Web.Features.Tools;
using CivilAffairs.Web.Platform;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Logging;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

Console.OutputEncoding = System.Text.Encoding.UTF8;
if (Verbs.TryRun(args, Console.Out, Console.Error) is { } code) return code;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = SiteRoot.Find() });
EarlyModel.Begin(builder.Configuration);
builder.AddLogs();
// Scripts and styles of packages, from a checkout in every environment; published, they lie in wwwroot.
builder.WebHost.UseStaticWebAssets();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
// Chinese stays Chinese in the page's source instead of becoming numbers.
builder.Services.Configure<Microsoft.Extensions.WebEncoders.WebEncoderOptions>(options =>
    options.TextEncoderSettings = new System.Text.Encodings.Web.TextEncoderSettings(System.Text.Unicode.UnicodeRanges.All));
builder.Services.AddPlatform(builder.Configuration, builder.Environment);
builder.Services.AddMatters().AddCases();
builder.Services.AddMail();
builder.Services.AddJobs(builder.Configuration);
builder.Services.AddReminders();
builder.Services.AddLanguages();
builder.Services.AddPublicLimits();
builder.Services.AddAccounts();
builder.Services.AddDemo(builder.Environment);
builder.Services.AddDesk();
builder.Services.AddApi();
builder.Services.AddNoticeBoard();
builder.Services.AddMessages();
builder.Services.AddRegisters();
builder.Services.AddApply().AddPublicBoard().AddTools().AddSingleton<DocumentFiles>().AddSingleton<IDocumentPages>(p => p.GetRequiredService<DocumentFiles>()).AddSingleton<Verification>()
    .AddSingleton<CivilAffairs.Web.Platform.Jobs.IJob, DocumentJob>();
builder.Services.AddDesigner();
builder.Services.AddParameters();
builder.Services.AddRetention();
builder.Services.AddPersons();
builder.Services.AddCalls();
builder.Services.AddOverview();
builder.Services.AddAbsences();
builder.Services.AddHandover();
builder.Services.AddMoves();
builder.Services.AddSupervision();
builder.Services.AddPayments();
builder.Services.AddTrials();
builder.Services.AddStudio();
builder.Services.AddProjection(builder.Configuration);
builder.Services.AddRazorPages(options =>
{
    options.RootDirectory = "/Features";
    // The same page, found from the desk: who sees the case sees its documents.
    options.Conventions.AddPageRoute("/Documents/Document", "/desk/cases/{id:guid}/documents/{documentId:guid}");
}).ConfigureApplicationPartManager(parts =>
{
    // There are pages and routes and no controllers: looking for them in every package takes a tenth of the start.
    foreach (var looking in parts.FeatureProviders.OfType<Microsoft.AspNetCore.Mvc.Controllers.ControllerFeatureProvider>().ToList()) parts.FeatureProviders.Remove(looking);
});
builder.Services.AddProblemDetails();
builder.Services.AddOperations(builder.Configuration);

var app = builder.Build();
// Beside what follows; no request is answered before it has ended.
var prepared = Task.Run(app.PrepareAsync);
app.UseSecurityHeaders();
if (!app.Environment.IsDevelopment())
{
    app.UseExceptionHandler("/status/500");
    app.UseHsts();
}
app.UseStatusCodePagesWithReExecute("/status/{0}");
app.UseRequestLog();
app.UseRequestLocalization();
app.UseMiddleware<RefusalMiddleware>();
app.UseStaticFiles();
app.UseStudioFiles();
app.UseRouting();
app.UsePublicLimits();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapRazorPages();
app.MapDesk();
app.MapApi(api =>
{
    api.MapSession();
    api.MapStaff();
    api.MapMatters();
    api.MapDrafts();
    api.MapMyCases();
    api.MapDeskCases();
    api.MapComparisons();
    api.MapDocuments();
    api.MapPublicNotices();
    api.MapTools();
    api.MapNoticeBoard();
    api.MapMessages();
    api.MapPrints();
    api.MapBenefits();
    api.MapRegisters();
    api.MapRecusals();
    api.MapAbsences();
    api.MapHandovers();
    api.MapMoves();
    api.MapSupervision();
    api.MapPayments();
    api.MapDesigner();
    api.MapParameters();
    api.MapTrials();
    api.MapRetention();
    api.MapPersons();
    api.MapMailOffice();
    api.MapCalls();
    api.MapOverview();
    api.MapJobBoard();
    api.MapDigest();
});
app.MapStudio();
app.MapLanguageChoice();
app.MapTypeSizeChoice();
app.MapMailChoice();
app.MapJobs();
app.MapOperations();
try
{
    await prepared;
}
catch (DataFolderInUseException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
await app.SeedDemoAsync();
await app.RunAsync();
return 0;

/// <summary>Named so that tests can host it.</summary>
public sealed partial class Program;
