using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Platform.Api;

/// <summary>Which page of a list is wanted, as query values.</summary>
/// <param name="Page">From 1, the default.</param>
/// <param name="PageSize">1 to 100; 25 if absent.</param>
public sealed record PageQuery([FromQuery(Name = "page")] int? Page, [FromQuery(Name = "pageSize")] int? PageSize)
{
    /// <exception cref="MalformedRequestException">Out of bounds.</exception>
    public (int Number, int Size) Checked()
    {
        if (Page is < 1 or > 10_000) throw new MalformedRequestException("page", "page 应在 1 至 10000 之间。", "page must be 1 to 10,000.");
        if (PageSize is < 1 or > 100) throw new MalformedRequestException("pageSize", "pageSize 应在 1 至 100 之间。", "pageSize must be 1 to 100.");
        return (Page ?? 1, PageSize ?? 25);
    }
}

/// <summary>One page of a list.</summary>
/// <param name="More">Whether another page follows.</param>
/// <param name="Total">On all pages; null where it is not counted.</param>
public sealed record Paged<T>(IReadOnlyList<T> Items, int Page, int PageSize, bool More, int? Total);
