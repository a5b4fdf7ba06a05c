using System.Linq.Expressions;

namespace CivilAffairs.Web.Features.Overview;

/// <summary>Sorts rows into ranges within the database, so that one grouped query counts all of them: each range is not one more question.</summary>
internal static class Buckets
{
    /// <summary>How many of the bounds, in their order, do not lie above the value: 0 is before the first one.</summary>
    public static Expression<Func<T, int>> Of<T, V>(Expression<Func<T, V>> value, IReadOnlyList<V> bounds)
    {
        Expression body = Expression.Constant(bounds.Count);
        for (var i = bounds.Count - 1; i >= 0; i--)
            // Through a property, so that bounds are parameters and one compiled query serves every day.
            body = Expression.Condition(Expression.LessThan(value.Body, Expression.Property(Expression.Constant(new Bound<V>(bounds[i])), nameof(Bound<V>.Value))), Expression.Constant(i), body);
        return Expression.Lambda<Func<T, int>>(body, value.Parameters);
    }

    private sealed record Bound<V>(V Value);
}
