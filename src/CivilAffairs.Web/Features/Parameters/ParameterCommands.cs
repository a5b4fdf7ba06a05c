using System.Text.Json;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Parameters;

/// <summary>A new value as somebody typed it.</summary>
/// <param name="Scope">Empty: the whole county; else a township's code.</param>
/// <param name="Value">Money in yuan, yes and no as <c>true</c> and <c>false</c>.</param>
/// <param name="From">First day, tomorrow at the earliest.</param>
/// <param name="To">Last day; empty: until another value follows.</param>
/// <param name="Source">The document that sets it.</param>
/// <param name="Reason">Why now.</param>
public sealed record ParameterInput(string Scope, string Value, string From, string To, string Source, string Reason);

/// <summary>
/// Sets values of law and local policy from a day on. Nothing that was in force is ever changed: what was decided under it
/// has it frozen besides. Each command is one transaction with its line in the audit.
/// </summary>
public sealed class ParameterCommands(CommandRunner runner, MatterLibrary library, DivisionDirectory divisions, TimeProvider time)
{
    private const int LongestSource = 200, LongestReason = 500;

    // "settings" in ASCII.
    private const long LockKey = 0x73657474696e6773;

    /// <summary>What is wrong with a new value, by field: <c>scope</c>, <c>value</c>, <c>from</c>, <c>to</c>, <c>source</c>, <c>reason</c>.</summary>
    public IReadOnlyList<FieldFault> Check(string key, ParameterInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var faults = new List<FieldFault>();
        if (input.Scope.Length > 0 && divisions.Find(input.Scope) is not { Level: DivisionLevel.Township }) Add("scope", "scope.unknown");
        if (ParameterRules.Read(Parameter(key), input.Value).Fault is { } wrong) faults.Add(new FieldFault("value", wrong.Zh, wrong.En));
        var from = FieldText.ReadDay(input.From);
        if (from is null) Add("from", "from.wrong");
        else if (from <= time.Today()) Add("from", "from.past");
        if (input.To.Trim().Length > 0 && FieldText.ReadDay(input.To) is not { } to) Add("to", "to.wrong");
        else if (input.To.Trim().Length > 0 && FieldText.ReadDay(input.To) < from) Add("to", "to.before");
        if (input.Source.Trim().Length == 0) Add("source", "source.missing");
        else if (input.Source.Trim().Length > LongestSource) Add("source", "source.long");
        if (input.Reason.Trim().Length == 0) Add("reason", "reason.missing");
        else if (input.Reason.Trim().Length > LongestReason) Add("reason", "reason.long");
        return faults;

        void Add(string field, string text)
        {
            var words = MatterMessages.Text($"parameter.{text}");
            faults.Add(new FieldFault(field, words.Zh, words.En));
        }
    }

    /// <summary>Adds a value from a day on.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="NotAllowedException">Not this viewer's to set.</exception>
    /// <exception cref="InvalidAnswersException">By field; nothing is stored.</exception>
    public Task<Guid> AddAsync(Viewer actor, string key, ParameterInput input, string command, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return runner.RunAsync(actor, command, "parameter.add", new { key, input }, async context =>
        {
            if (!ParameterAccess.MaySet(actor, input.Scope)) throw new NotAllowedException("parameter.notYours");
            if (Check(key, input) is { Count: > 0 } faults) throw new InvalidAnswersException(faults);
            var (from, value) = (FieldText.ReadDay(input.From)!.Value, ParameterRules.Read(Parameter(key), input.Value).Value!.Value.GetRawText());
            await HoldAsync(context.Db).ConfigureAwait(false);
            if (await context.Db.Set<ParameterValue>().AnyAsync(p => p.Key == key && p.Scope == input.Scope && p.ValidFrom == from).ConfigureAwait(false))
                throw new InvalidAnswersException([Of("from", MatterMessages.Text("parameter.from.taken"))]);
            var row = new ParameterValue
            {
                Key = key, Scope = input.Scope, Value = value, ValidFrom = from, ValidTo = FieldText.ReadDay(input.To), Source = input.Source.Trim(), Reason = input.Reason.Trim(),
                RecordedAt = context.Now, RecordedById = actor.AccountId,
            };
            context.Db.Add(row);
            await context.Db.AppendAsync(AuditTrail.Settings, actor.AccountId, "parameter.added", Details(row), context.Now).ConfigureAwait(false);
            return row.Id;
        }, cancel);
    }

    /// <summary>Takes back a planned value that was not in force yet.</summary>
    /// <exception cref="NotAllowedException">It is or was in force, or is not this viewer's to set.</exception>
    /// <exception cref="UnknownCaseException">There is none: perhaps somebody took it back before.</exception>
    public Task WithdrawAsync(Viewer actor, Guid id, CancellationToken cancel = default) => WithdrawAsync(actor, id, null, cancel);

    /// <param name="command">Idempotency key; null: taken back twice, the second time there is none.</param>
    public Task WithdrawAsync(Viewer actor, Guid id, string? command, CancellationToken cancel) => runner.RunAsync(actor, command, "parameter.withdraw", id, async context =>
    {
        await HoldAsync(context.Db).ConfigureAwait(false);
        var row = await context.Db.Set<ParameterValue>().FirstOrDefaultAsync(p => p.Id == id).ConfigureAwait(false) ?? throw new UnknownCaseException();
        if (!ParameterAccess.MaySet(actor, row.Scope)) throw new NotAllowedException("parameter.notYours");
        if (row.ValidFrom <= BureauTime.Day(context.Now)) throw new NotAllowedException("parameter.inForce");
        context.Db.Remove(row);
        await context.Db.AppendAsync(AuditTrail.Settings, actor.AccountId, "parameter.withdrawn", Details(row), context.Now).ConfigureAwait(false);
        return 0;
    }, cancel);

    /// <exception cref="UnknownCaseException">No published matter has the key.</exception>
    internal MatterParameter Parameter(string key) => library.Current.SelectMany(r => r.Matter.Parameters).FirstOrDefault(p => p.Key == key) ?? throw new UnknownCaseException();

    // Two transactions would both want the next line of the chain, or the same day. SQLite has one writer anyway.
    private static Task HoldAsync(CivilAffairsDb db) => db.LocksRows ? db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({LockKey})") : Task.CompletedTask;

    private static object Details(ParameterValue row) => new { row.Id, row.Key, row.Scope, value = JsonDocument.Parse(row.Value).RootElement, row.ValidFrom, row.ValidTo };

    private static FieldFault Of(string field, LocalText text) => new(field, text.Zh, text.En);
}
