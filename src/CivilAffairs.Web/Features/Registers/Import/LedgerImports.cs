using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>
/// Takes a ledger kept elsewhere over into a register 台账导入: first a dry run that says what would be new, changed, unchanged
/// or refused and why, then, when somebody says so, batch by batch, each in one transaction with the count of what is done.
/// </summary>
/// <remarks>
/// Power failure: a table that was not read to its end is read anew; what was being taken over goes on where the last batch
/// ended (<see cref="LedgerImportJob"/>). A table that comes again changes nothing, since every row is judged again beside the
/// register in the transaction that takes it over.
/// </remarks>
public sealed class LedgerImports(IReader reader, CommandRunner runner, MatterLibrary library, SubjectLedger ledger, DivisionDirectory divisions, FieldCipher cipher, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>Rows that nobody took over are destroyed after so many days.</summary>
    internal const int KeepDays = 14;

    /// <summary>The registers into which the viewer may take a ledger over, with the division for which.</summary>
    public IReadOnlyList<(MatterRegister Register, string Division)> Open(Viewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        return [.. library.Current.SelectMany(r => r.Matter.Registers).Where(r => r is { Subject: not null, Import: not null })
            .Select(r => (r, Division: viewer.Held.Where(h => r.Import!.Roles.Contains(h.Role)).Select(h => h.Division).MinBy(d => d.Length))).Where(r => r.Division is not null).Select(r => (r.r, r.Division!))];
    }

    /// <summary>Reads a table and says what it would do; nothing of the register changes.</summary>
    /// <param name="asOf">The day for which the table speaks.</param>
    /// <param name="key">Idempotency key; null: none.</param>
    /// <param name="progress">Told the rows read so far.</param>
    /// <exception cref="UnknownCaseException">There is no such register, or not for this viewer.</exception>
    /// <exception cref="InvalidAnswersException">The file or the day cannot be.</exception>
    public async Task<Guid> CheckAsync(Viewer viewer, string register, DateOnly asOf, MemoryStream file, string? key = null, Action<int>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        var (known, division) = Required(viewer, register);
        var today = time.Today();
        if (asOf > today || asOf < new DateOnly(1990, 1, 1)) throw new InvalidAnswersException([new FieldFault("asOf", "台账日期不能晚于今天。", "The day of the ledger cannot lie in the future.")]);
        var import = new LedgerImport { Register = register, Matter = library.Subjects(register)!.Value.Revision.Matter.Id, Division = division, AsOf = asOf, SentById = viewer.AccountId, SentBy = viewer.Name, SentAt = time.GetUtcNow() };
        var (rules, match) = (new LedgerRules(known, divisions, today), new LedgerMatch(ledger, known, import));
        // What is wrong with the file as a whole is told before anything is written down.
        var rows = LedgerSheet.Read(file, known.Import!).Select(rules.Read).ToList();
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file.GetBuffer().AsSpan(0, (int)file.Length)));
        var begun = await runner.RunAsync(viewer, key, "import.begin", new { register, asOf, hash }, context =>
        {
            context.Db.Add(import);
            return Task.FromResult(import.Id);
        }, cancel).ConfigureAwait(false);
        if (begun != import.Id) return begun; // The same request came before.
        var counts = new Dictionary<RowOutcome, int>();
        foreach (var batch in rows.Chunk(Batch))
        {
            await runner.RunAsync(viewer, null, "import.check", import.Id, async context =>
            {
                var judged = await match.JudgeAsync(context.Db, batch, cancel).ConfigureAwait(false);
                foreach (var row in judged)
                    context.Db.Add(new LedgerImportRow { ImportId = import.Id, Number = row.Row.Number, Outcome = row.Outcome, Faults = Write(row.Row.Faults), Cipher = row.Outcome is RowOutcome.New or RowOutcome.Changed ? Seal(import.Id, row.Row) : null });
                foreach (var row in judged) counts[row.Outcome] = counts.GetValueOrDefault(row.Outcome) + 1;
                return 0;
            }, cancel).ConfigureAwait(false);
            progress?.Invoke(counts.Values.Sum());
        }
        await runner.RunAsync(viewer, null, "import.checked", import.Id, async context =>
        {
            var row = await context.Db.Set<LedgerImport>().FirstAsync(i => i.Id == import.Id).ConfigureAwait(false);
            (row.State, row.Rows, row.New, row.Changed) = (ImportState.Checked, counts.Values.Sum(), counts.GetValueOrDefault(RowOutcome.New), counts.GetValueOrDefault(RowOutcome.Changed));
            (row.Unchanged, row.Refused) = (counts.GetValueOrDefault(RowOutcome.Unchanged), counts.GetValueOrDefault(RowOutcome.Refused));
            if (row.New + row.Changed == 0) row.EndedAt = context.Now;
            await context.Db.AppendAsync(Chain(import.Id), viewer.AccountId, "import.checked", new { register, asOf, row.Rows, row.New, row.Changed, row.Unchanged, row.Refused }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel).ConfigureAwait(false);
        return import.Id;
    }

    /// <summary>Takes the rows over that may be; refused ones stay out. A repeat goes on, or finds it done.</summary>
    /// <param name="progress">Told the rows done so far.</param>
    /// <exception cref="UnknownCaseException">There is no such import, or not for this viewer.</exception>
    /// <exception cref="NotAllowedException">It was thrown away, or not read to its end.</exception>
    public async Task ApplyAsync(Viewer viewer, Guid importId, string? key = null, Action<int>? progress = null, CancellationToken cancel = default)
    {
        await runner.RunAsync(viewer, key, "import.apply", importId, async context =>
        {
            var import = await LockAsync(context.Db, viewer, importId).ConfigureAwait(false);
            if (import.State is ImportState.Applying or ImportState.Applied) return 0;
            if (import.State != ImportState.Checked) throw new NotAllowedException("import.notReady");
            import.State = ImportState.Applying;
            await context.Db.AppendAsync(Chain(importId), viewer.AccountId, "import.apply", new { import.Register, import.AsOf, import.New, import.Changed }, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel).ConfigureAwait(false);
        await GoOnAsync(importId, progress, cancel).ConfigureAwait(false);
    }

    /// <summary>Throws a table away: what was read of it is destroyed.</summary>
    public Task DiscardAsync(Viewer viewer, Guid importId, string? key = null, CancellationToken cancel = default) => runner.RunAsync(viewer, key, "import.discard", importId, async context =>
    {
        var import = await LockAsync(context.Db, viewer, importId).ConfigureAwait(false);
        if (import.State is ImportState.Applying or ImportState.Applied) throw new NotAllowedException("import.underWay");
        if (import.State == ImportState.Discarded) return 0;
        (import.State, import.EndedAt) = (ImportState.Discarded, context.Now);
        await context.Db.Set<LedgerImportRow>().Where(r => r.ImportId == importId).ExecuteDeleteAsync(CancellationToken.None).ConfigureAwait(false);
        await context.Db.AppendAsync(Chain(importId), viewer.AccountId, "import.discarded", null, context.Now).ConfigureAwait(false);
        return 0;
    }, cancel);

    /// <summary>Goes on with an import that somebody said to take over, until it is done. Several at once take batches in turn.</summary>
    internal async Task GoOnAsync(Guid importId, Action<int>? progress, CancellationToken cancel)
    {
        for (var failures = 0; ;)
        {
            try
            {
                var (done, applied) = await NextAsync(importId, cancel).ConfigureAwait(false);
                progress?.Invoke(applied);
                if (done) return;
                failures = 0;
            }
            catch (DbUpdateException) when (++failures < 3)
            {
                // Somebody else entered one of them first: judged again, it is known.
            }
        }
    }

    private Task<(bool Done, int Applied)> NextAsync(Guid importId, CancellationToken cancel) => runner.RunAsync(Viewer.System, null, "import.batch", importId, async context =>
    {
        var db = context.Db;
        var import = await LockAsync(db, Viewer.System, importId).ConfigureAwait(false);
        if (import.State != ImportState.Applying) return (true, import.Applied);
        var register = library.Subjects(import.Register)?.Register ?? throw new KeyNotFoundException($"There is no register {import.Register}.");
        var rows = await db.Set<LedgerImportRow>().Where(r => r.ImportId == importId && !r.Applied && r.Cipher != null && (r.Outcome == RowOutcome.New || r.Outcome == RowOutcome.Changed))
            .OrderBy(r => r.Number).Take(Batch).ToListAsync().ConfigureAwait(false);
        foreach (var judged in await new LedgerMatch(ledger, register, import).JudgeAsync(db, [.. rows.Select(r => Unseal(r))], CancellationToken.None).ConfigureAwait(false))
        {
            var row = rows.Find(r => r.Number == judged.Row.Number)!;
            if (judged.Outcome is RowOutcome.New or RowOutcome.Changed) await EnterAsync(context, register, import, judged).ConfigureAwait(false);
            if (judged.Outcome != row.Outcome) Recount(import, row.Outcome, judged.Outcome);
            (row.Outcome, row.Applied, row.Cipher, row.Faults) = (judged.Outcome, judged.Outcome is RowOutcome.New or RowOutcome.Changed, null, Write(judged.Row.Faults));
            if (row.Applied) import.Applied++;
        }
        if (rows.Count < Batch)
        {
            (import.State, import.EndedAt) = (ImportState.Applied, context.Now);
            await db.AppendAsync(Chain(importId), Guid.Empty, "import.applied", new { import.Applied, import.Refused }, context.Now).ConfigureAwait(false);
        }
        return (import.State == ImportState.Applied, import.Applied);
    }, cancel);

    private async Task EnterAsync(CommandContext context, MatterRegister register, LedgerImport import, MatchedRow row)
    {
        var db = context.Db;
        var subject = row.Subject is { } known ? await SubjectLedger.LockAsync(db, known.Id).ConfigureAwait(false) : null;
        subject ??= ledger.New(db, register, FormPeople.Text(row.Row.Values, register.KeyField!.Id)!, import.AsOf, context.Now);
        if (row.Values is { } values)
            await ledger.EnterAsync(db, register, subject, values, new RegisterEntry { Register = register.Id, Entry = new JsonObject { ["import"] = import.Id.ToString(), ["row"] = row.Row.Number }.ToJsonString(), ValidFrom = import.AsOf, OccurredOn = import.AsOf, RecordedAt = context.Now }).ConfigureAwait(false);
        if (row.Brings is not { } brings) return;
        var certificate = new Certificate
        {
            Matter = import.Matter, Kind = register.Import!.Certificate!.Kind, Number = brings.Number, SubjectId = subject.Id, HolderName = subject.Name, County = subject.County, Township = subject.Township,
            Village = subject.Village, ValidFrom = brings.ValidFrom, ValidTo = brings.ValidTo, RenewsId = row.Renews?.Id, OccurredOn = brings.ValidFrom, RecordedAt = context.Now,
        };
        db.Add(certificate);
        if (row.Renews is { } before) db.Add(new CertificateChange { CertificateId = before.Id, Action = "Renewed", FromDay = brings.ValidFrom, OccurredOn = brings.ValidFrom, RecordedAt = context.Now });
    }

    private static void Recount(LedgerImport import, RowOutcome from, RowOutcome to)
    {
        foreach (var (outcome, by) in new[] { (from, -1), (to, 1) })
            switch (outcome)
            {
                case RowOutcome.New: import.New += by; break;
                case RowOutcome.Changed: import.Changed += by; break;
                case RowOutcome.Unchanged: import.Unchanged += by; break;
                default: import.Refused += by; break;
            }
    }

    /// <summary>Imports of a register that the viewer may see, newest first.</summary>
    public async Task<IReadOnlyList<LedgerImport>> ListAsync(Viewer viewer, string register, int most, CancellationToken cancel = default)
    {
        var (_, division) = Required(viewer, register);
        await using var db = reader.Open();
        return await db.Set<LedgerImport>().Where(i => i.Register == register && i.Division.StartsWith(division)).OrderByDescending(i => i.SentAt).Take(most).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <exception cref="UnknownCaseException">There is no such import, or not for this viewer.</exception>
    public async Task<LedgerImport> FindAsync(Viewer viewer, Guid importId, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return Visible(viewer, await db.Set<LedgerImport>().FirstOrDefaultAsync(i => i.Id == importId, cancel).ConfigureAwait(false));
    }

    /// <summary>Rows of one outcome, in the order of the table.</summary>
    /// <param name="after">Number of the last row that is known.</param>
    public async Task<IReadOnlyList<ImportRow>> RowsAsync(Viewer viewer, Guid importId, RowOutcome? outcome, int after, int most, CancellationToken cancel = default)
    {
        await FindAsync(viewer, importId, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        var rows = await db.Set<LedgerImportRow>().Where(r => r.ImportId == importId && (outcome == null || r.Outcome == outcome) && r.Number > after).OrderBy(r => r.Number).Take(most).ToListAsync(cancel).ConfigureAwait(false);
        return rows.ConvertAll(r => new ImportRow(r.Number, r.Outcome, r.Applied, JsonSerializer.Deserialize<List<ImportFault>>(r.Faults, JsonSerializerOptions.Web)!));
    }

    private (MatterRegister Register, string Division) Required(Viewer viewer, string register) =>
        Open(viewer).FirstOrDefault(r => r.Register.Id == register) is { Register: not null } open ? open : throw new UnknownCaseException();

    private LedgerImport Visible(Viewer viewer, LedgerImport? import) =>
        import is not null && (viewer.IsSystem || Open(viewer).Any(r => r.Register.Id == import.Register && import.Division.StartsWith(r.Division, StringComparison.Ordinal))) ? import : throw new UnknownCaseException();

    private async Task<LedgerImport> LockAsync(CivilAffairsDb db, Viewer viewer, Guid id)
    {
        var one = db.LocksRows ? db.Set<LedgerImport>().FromSql($"SELECT * FROM ledger_imports WHERE \"Id\" = {id} FOR UPDATE") : db.Set<LedgerImport>().Where(i => i.Id == id);
        return Visible(viewer, await one.FirstOrDefaultAsync().ConfigureAwait(false));
    }

    private string Seal(Guid importId, LedgerRow row) => cipher.Encrypt(JsonSerializer.Serialize(new Stored(row.Values, row.Certificate)), Purpose(importId, row.Number));

    private LedgerRow Unseal(LedgerImportRow row)
    {
        var stored = JsonSerializer.Deserialize<Stored>(cipher.Decrypt(row.Cipher!, Purpose(row.ImportId, row.Number)))!;
        return new LedgerRow(row.Number, stored.Values, stored.Certificate, []);
    }

    private static string Write(List<ImportFault> faults) => JsonSerializer.Serialize(faults, JsonSerializerOptions.Web);
    private static string Purpose(Guid importId, int number) => $"import.row.{importId:N}.{number}";
    private static string Chain(Guid importId) => importId.ToString();

    private sealed record Stored(JsonObject Values, LedgerCertificate? Certificate);
}

/// <summary>What is told of a row.</summary>
public sealed record ImportRow(int Number, RowOutcome Outcome, bool Applied, IReadOnlyList<ImportFault> Faults);
