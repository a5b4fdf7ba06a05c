using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Platform.Divisions;

public sealed class DivisionDirectoryTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_code_is_a_place_while_it_is_in_force_and_has_its_name_afterwards(string kind)
    {
        var app = await databases.GetAsync(kind);
        var today = DateOnly.FromDateTime(DateTime.UtcNow.AddHours(8));
        Division Of(string code, string name, DateOnly from, DateOnly? to) => new() { Code = code, NameZh = name, NameEn = name, ValidFrom = from, ValidTo = to };
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(Of("341299990", "旧镇", today.AddYears(-9), today.AddDays(-1)), Of("341299991", "更名前", today.AddYears(-9), today.AddDays(-1)), Of("341299991", "更名后", today, null),
                Of("341299992", "将来", today.AddDays(1), null));
            return Task.FromResult(0);
        });
        var directory = app.Services.GetRequiredService<DivisionDirectory>();
        await directory.RefreshAsync(default);
        Assert.Null(directory.Find("341299990"));
        Assert.Equal("旧镇", directory.Name("341299990", english: false));
        Assert.Equal("更名后", directory.Find("341299991")!.NameZh);
        Assert.Null(directory.Find("341299992"));
        Assert.Equal("341299992", directory.Name("341299992", english: false));
        Assert.DoesNotContain(directory.All, d => d.Code == "341299990");
    }
}
