using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// How the rows of one entity's table are written, as the model maps them: columns, conversions, keys and versions come
/// from EF's metadata once, so that a row costs no more than its values. What takes more thought than one row at a time
/// (values that the database makes, keys, references and unique values that change) is left to EF.
/// </summary>
internal sealed class TableRows
{
    private const int MostColumns = 64; // one bit each
    private static readonly ConditionalWeakTable<IModel, ConcurrentDictionary<IEntityType, TableRows>> Tables = [];
    private readonly ConcurrentDictionary<ulong, string> updates = new();
    private readonly string table;
    private readonly Column[] columns;
    private readonly Column[] found;
    private readonly string insert;
    private readonly bool isPlain;

    private TableRows(IEntityType entity)
    {
        var stored = StoreObjectIdentifier.Create(entity, StoreObjectType.Table) ?? throw new InvalidOperationException($"{entity.DisplayName()} has no table.");
        table = $"\"{stored.Name}\"";
        // An owned part repeats its owner's key and version; the owner's own columns write them.
        columns = [.. entity.GetProperties().Where(p => !entity.IsOwned() || !p.IsShadowProperty()).Select(p => new Column(p, stored))];
        found = [.. columns.Where(c => c.IsKey || c.IsVersion)];
        Parts = entity.GetNavigations().Count(n => n.TargetEntityType.IsOwned() && !n.IsOnDependent);
        Rank = RankOf(entity, 0);
        RefersToItself = entity.GetForeignKeys().Any(f => f.PrincipalEntityType == entity);
        isPlain = columns.Length <= MostColumns && columns.All(c => c.IsPlain) && Rank >= 0
            && entity.BaseType is null && !entity.GetDirectlyDerivedTypes().Any() && !entity.GetComplexProperties().Any() && stored.Schema is null;
        insert = Insert(columns);
    }

    /// <summary>Tables that it refers to have lower ones.</summary>
    public int Rank { get; }

    /// <summary>How many owned parts lie in the same row.</summary>
    public int Parts { get; }

    public bool RefersToItself { get; }

    public static TableRows Of(IEntityType entity) =>
        Tables.GetValue(entity.Model, static _ => new()).GetOrAdd(entity, static e => new TableRows(e));

    /// <summary>Whether an owned part lies in the row.</summary>
    public static bool IsPartOf(IUpdateEntry part, IUpdateEntry owner)
    {
        var ownership = part.EntityType.FindOwnership()!;
        return ownership.PrincipalEntityType == owner.EntityType
            && ownership.Properties.Zip(ownership.PrincipalKey.Properties).All(p => Equals(part.GetCurrentValue(p.First), owner.GetCurrentValue(p.Second)));
    }

    /// <param name="parts">The row's owned parts that are to be saved.</param>
    /// <param name="values">Gets the statement's values.</param>
    /// <returns>The statement, which must touch one row; null: EF has to see to it.</returns>
    public string? TryWrite(IUpdateEntry entry, List<IUpdateEntry> parts, RowValues values) =>
        !isPlain ? null : entry.EntityState == EntityState.Added ? TryInsert(entry, parts, values) : TryUpdate(entry, parts, values);

    /// <summary>The same for a new row that is not tracked.</summary>
    public string? TryAppend(object row, RowValues values)
    {
        if (!isPlain || Parts > 0) return null;
        foreach (var column in columns)
        {
            var value = column.Property.GetGetter().GetClrValue(row);
            // A key that the row brings, as every version-7 id, is no longer the database's to make.
            if (column.IsGenerated && Equals(value, column.Property.Sentinel)) return null;
            column.Add(values, value);
        }
        return insert;
    }

    /// <summary>A new row's values as the database's driver takes them, in the order of <see cref="Copy"/> and <see cref="One"/>; null as with <see cref="TryAppend"/>.</summary>
    public object?[]? TryLine(object row)
    {
        if (!isPlain || Parts > 0) return null;
        var line = new object?[columns.Length];
        for (var i = 0; i < line.Length; i++)
        {
            var value = columns[i].Property.GetGetter().GetClrValue(row);
            if (columns[i].IsGenerated && Equals(value, columns[i].Property.Sentinel)) return null;
            line[i] = columns[i].ForDriver(value);
        }
        return line;
    }

    private string? TryInsert(IUpdateEntry entry, List<IUpdateEntry> parts, RowValues values)
    {
        if (parts.Count != Parts || !TryAdd(entry, values)) return null;
        if (Parts == 0) return insert;
        List<Column> all = [.. columns];
        foreach (var part in parts)
        {
            var rows = Of(part.EntityType);
            if (!rows.isPlain || part.EntityState != EntityState.Added || !rows.TryAdd(part, values)) return null;
            all.AddRange(rows.columns);
        }
        return Insert(all);
    }

    private bool TryAdd(IUpdateEntry entry, RowValues values)
    {
        foreach (var column in columns)
        {
            if (column.IsGenerated && entry.IsStoreGenerated(column.Property)) return false;
            column.Add(values, entry.GetCurrentValue(column.Property));
        }
        return true;
    }

    private string? TryUpdate(IUpdateEntry entry, List<IUpdateEntry> parts, RowValues values)
    {
        if (!TryChange(entry, values, out var changed)) return null;
        List<Column>? more = null;
        foreach (var part in parts)
        {
            var rows = Of(part.EntityType);
            if (!rows.isPlain || part.EntityState != EntityState.Modified || !rows.TryChange(part, values, out var inPart)) return null;
            (more ??= []).AddRange(rows.Of(inPart));
        }
        foreach (var column in found) column.Add(values, entry.GetOriginalValue(column.Property));
        return more is null ? updates.GetOrAdd(changed, c => Update([.. Of(c)])) : Update([.. Of(changed), .. more]);
    }

    private bool TryChange(IUpdateEntry entry, RowValues values, out ulong changed)
    {
        changed = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (!entry.IsModified(columns[i].Property)) continue;
            if (columns[i].OrdersRows) return false;
            changed |= 1UL << i;
            columns[i].Add(values, entry.GetCurrentValue(columns[i].Property));
        }
        return true;
    }

    private IEnumerable<Column> Of(ulong set)
    {
        for (; set != 0; set &= set - 1) yield return columns[BitOperations.TrailingZeroCount(set)];
    }

    /// <summary>The statement for one row.</summary>
    public string One => insert;

    /// <summary>PostgreSQL's statement for many rows.</summary>
    public string Copy => $"COPY {table} ({string.Join(", ", columns.Select(c => c.Name))}) FROM STDIN (FORMAT BINARY)";

    private string Insert(IReadOnlyList<Column> all) =>
        $"INSERT INTO {table} ({string.Join(", ", all.Select(c => c.Name))}) VALUES ({string.Join(", ", all.Select((_, i) => RowValues.Place(i)))})";

    private string Update(List<Column> changed) =>
        $"UPDATE {table} SET {string.Join(", ", changed.Select((c, i) => $"{c.Name} = {RowValues.Place(i)}"))} WHERE "
        + string.Join(" AND ", found.Select((c, i) => $"{c.Name} = {RowValues.Place(changed.Count + i)}"));

    /// <summary>-1: tables refer to each other in a circle.</summary>
    private static int RankOf(IEntityType entity, int depth)
    {
        var rank = 0;
        foreach (var above in entity.GetForeignKeys().Select(f => f.PrincipalEntityType).Where(p => p != entity))
        {
            if (depth > 20 || RankOf(above, depth + 1) is not (>= 0 and var of)) return -1;
            rank = Math.Max(rank, of + 1);
        }
        return rank;
    }

    private sealed class Column
    {
        private readonly RelationalTypeMapping mapping;
        private readonly bool isNullable;

        public Column(IProperty property, StoreObjectIdentifier table)
        {
            Property = property;
            Name = $"\"{property.GetColumnName(table)}\"";
            mapping = property.GetRelationalTypeMapping();
            isNullable = property.IsColumnNullable(table);
            IsKey = property.IsPrimaryKey();
            IsVersion = property.IsConcurrencyToken;
            IsGenerated = property.ValueGenerated != ValueGenerated.Never;
            OrdersRows = property.IsKey() || property.IsForeignKey() || property.GetContainingIndexes().Any(i => i.IsUnique);
            // What may never change (a decision's line) is written like anything else, once: EF refuses the change before it comes here.
            IsPlain = property.GetBeforeSaveBehavior() == PropertySaveBehavior.Save && !(IsVersion && (isNullable || IsGenerated));
        }

        public IProperty Property { get; }
        public string Name { get; }
        public bool IsKey { get; }
        public bool IsVersion { get; }

        /// <summary>The database might make the value.</summary>
        public bool IsGenerated { get; }

        /// <summary>Where it changes, other rows may have to be written before this one, or after it.</summary>
        public bool OrdersRows { get; }
        public bool IsPlain { get; }

        public object? ForDriver(object? value) => mapping.Converter is { } converter ? converter.ConvertToProvider(value) : value;

        public void Add(RowValues values, object? value) => values.Add(mapping, value, isNullable);
    }
}
