using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Reads whole rows of an entity's table from a plain data reader, as the model maps them: columns, conversions and owned
/// parts come from EF's own metadata, so that a property added to an entity is read here too.
/// </summary>
internal sealed class RowMap<T> where T : class
{
    private static readonly ConditionalWeakTable<IModel, RowMap<T>> Maps = [];

    private RowMap(IModel model)
    {
        var entity = model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T)} is not in the model.");
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table) ?? throw new InvalidOperationException($"{typeof(T)} has no table.");
        var columns = new List<string>();
        var reader = Expression.Parameter(typeof(DbDataReader));
        Read = Expression.Lambda<Func<DbDataReader, T>>(New(entity, table, reader, columns), reader).Compile();
        Columns = string.Join(", ", columns.Select(c => $"\"{c}\""));
    }

    /// <summary>Quoted, in the order that <see cref="Read"/> expects them from the first column on.</summary>
    public string Columns { get; }

    /// <summary>The reader's present row; not tracked.</summary>
    public Func<DbDataReader, T> Read { get; }

    public static RowMap<T> Of(DbContext db) => Maps.GetValue(db.Model, static model => new RowMap<T>(model));

    private static MemberInitExpression New(IEntityType entity, StoreObjectIdentifier table, ParameterExpression reader, List<string> columns)
    {
        var bindings = new List<MemberBinding>();
        foreach (var property in entity.GetProperties())
        {
            if (property.PropertyInfo is not { } member) continue; // a shadow key of an owned part
            bindings.Add(Expression.Bind(member, Value(property, reader, columns.Count)));
            columns.Add(property.GetColumnName(table)!);
        }
        foreach (var owned in entity.GetNavigations().Where(n => n.TargetEntityType.IsOwned() && !n.IsOnDependent))
            bindings.Add(Expression.Bind(owned.PropertyInfo!, New(owned.TargetEntityType, table, reader, columns)));
        return Expression.MemberInit(Expression.New(entity.ClrType), bindings);
    }

    private static Expression Value(IProperty property, ParameterExpression reader, int column)
    {
        var mapping = property.GetRelationalTypeMapping();
        var index = Expression.Constant(column);
        var method = mapping.GetDataReaderMethod();
        Expression value = Expression.Call(method.DeclaringType!.IsAssignableFrom(typeof(DbDataReader)) ? reader : Expression.Convert(reader, method.DeclaringType), method, index);
        value = mapping.CustomizeDataReaderExpression(value);
        if (mapping.Converter is { } converter)
            value = Expression.Invoke(converter.ConvertFromProviderExpression, Cast(value, converter.ProviderClrType));
        value = Cast(value, property.ClrType);
        return property.IsNullable
            ? Expression.Condition(Expression.Call(reader, nameof(DbDataReader.IsDBNull), null, index), Expression.Default(property.ClrType), value)
            : value;
    }

    private static Expression Cast(Expression value, Type type) => value.Type == type ? value : Expression.Convert(value, type);
}
