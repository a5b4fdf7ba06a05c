using System.Globalization;
using System.Text;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments;
using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Three months of Development's payments: one paid and closed with a line that came back, one in which that line was paid again
/// and another came back, and this month's, which waits for its checker.
/// </summary>
/// <remarks>Each command has a key of its own: begun again after a kill, none is given twice.</remarks>
internal sealed class DemoPayments(IServiceProvider services, IReader reader, IWriter writer, DemoSeats seats)
{
    private const string Matter = "rural-dibao", Bank = "rural-commercial";
    private const int Months = 3;

    public async Task RunAsync(DateTimeOffset until, CancellationToken cancel)
    {
        var (maker, checker) = (seats.Of(Roles.Payments, County.Code, 0), seats.Of(Roles.Payments, County.Code, 1));
        var day = BureauTime.Day(until);
        var days = new StoryDays(services.GetRequiredService<Calendars>().Working);
        Guid? mended = null;
        for (var back = Months - 1; back >= 0; back--)
        {
            var month = new DateOnly(day.Year, day.Month, 1).AddMonths(-back);
            // On the last working day up to the eighth, or just now where that is yet to come.
            var on = month.AddDays(7);
            while (!days.IsWorkday(on)) on = on.AddDays(-1);
            var at = BureauTime.Start(on).AddHours(9) is var morning && morning < until ? morning : until.AddMinutes(-5);
            var kit = new Kit(services, reader, writer, at);
            string Key(string what) => string.Create(CultureInfo.InvariantCulture, $"demo.payments.{what}.{month:yyyyMM}");
            if (mended is { } grant) await kit.Payees.ConfirmAsync(maker, grant, "银行证明：户名已更正。", Key("confirm"), cancel);
            var id = await kit.Rosters.MakeAsync(maker, Matter, Matter, month, null, Key("make"), cancel);
            if (!await PaysAsync(id, cancel)) return;
            await kit.Rosters.SubmitAsync(maker, id, 1, Key("submit"), cancel);
            if (back == 0) return;
            await kit.Rosters.ApproveAsync(checker, id, 2, Key("approve"), cancel);
            var export = await kit.Exports.SendAsync(maker, id, Bank, 3, Key("send"), cancel);
            var result = await kit.Results.TryAsync(maker, id, await AnswerAsync(kit, maker, export, last: mended is null, cancel), Key("try"), cancel);
            await kit.Results.ApplyAsync(maker, result, 4, Key("apply"), cancel);
            await kit.Rosters.CloseAsync(checker, id, 5, Key("close"), cancel);
            mended = await ReturnedAsync(id, cancel);
        }
    }

    /// <summary>The bank's: one line comes back, all others are paid the same day.</summary>
    private static async Task<byte[]> AnswerAsync(Kit kit, Viewer maker, Guid export, bool last, CancellationToken cancel)
    {
        var (roster, layout) = await kit.Exports.FindAsync(maker, export, cancel);
        using var file = new MemoryStream();
        await kit.Exports.WriteAsync(file, roster, layout, cancel);
        var encoding = PayLayouts.EncodingOf(layout!.File.Encoding);
        var lines = encoding.GetString(file.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..].Select(l => l.Split('|')).ToList();
        var text = new StringBuilder("R\r\n");
        foreach (var line in lines) text.Append(CultureInfo.InvariantCulture, $"{line[0]}|{line[1]}|{line[2]}|{line[3]}|{line[5]}|{(line == lines[last ? ^1 : 0] ? "1002" : "0000")}|{BureauTime.Day(roster.SentAt!.Value):yyyyMMdd}\r\n");
        return encoding.GetBytes(text.ToString());
    }

    private async Task<bool> PaysAsync(Guid roster, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<PayLine>().AnyAsync(l => l.RosterId == roster && l.State != PayLineState.Held, cancel);
    }

    private async Task<Guid?> ReturnedAsync(Guid roster, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return await db.Set<PayLine>().Where(l => l.RosterId == roster && l.State == PayLineState.Returned).Select(l => (Guid?)l.GrantId).FirstOrDefaultAsync(cancel);
    }

    /// <summary>The product's own commands, at an instant of the story.</summary>
    private sealed class Kit
    {
        public Kit(IServiceProvider services, IReader reader, IWriter writer, DateTimeOffset at)
        {
            T Get<T>() where T : notnull => services.GetRequiredService<T>();
            var (clock, vault, layouts) = (new StoryClock(at), Get<PayVault>(), Get<PayLayouts>());
            var runner = new CommandRunner(writer, clock);
            Rosters = new RosterCommands(runner, Get<MatterLibrary>(), Get<PayBooks>(), vault, Get<FieldCipher>());
            Payees = new PayeeCommands(runner, Get<PayBooks>(), vault);
            Exports = new PayExports(reader, runner, Rosters, Get<RosterQuery>(), vault, layouts, Get<FieldCipher>(), Get<DivisionDirectory>(), Get<IStringLocalizer<PaymentTexts>>(), clock);
            Results = new PayResults(reader, runner, Rosters, vault, layouts);
        }

        public RosterCommands Rosters { get; }
        public PayeeCommands Payees { get; }
        public PayExports Exports { get; }
        public PayResults Results { get; }
    }
}
