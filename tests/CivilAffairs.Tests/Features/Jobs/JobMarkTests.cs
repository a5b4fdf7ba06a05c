using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>Nodes that end a job's round in one moment write its mark without one of them failing.</summary>
public sealed class JobMarkTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task First_marks_written_at_once_are_one_and_the_last_stays(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        // Some first marks: a collision needs two that both found none.
        for (var round = 0; round < 10; round++)
        {
            var id = $"mark-{round}";
            await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => JobMark.WriteAsync(writer, id, $"v{i}", default))));
            Assert.StartsWith("v", await JobMark.ReadAsync(db, id, default), StringComparison.Ordinal);
            await JobMark.WriteAsync(writer, id, "last", default);
            Assert.Equal("last", await JobMark.ReadAsync(db, id, default));
            Assert.Equal(1, await db.Set<JobMark>().CountAsync(m => m.Id == id));
        }
    }
}
