using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Trials.Support;

/// <summary>Social organisations with certificates that end on given days, as an import of their ledger leaves them.</summary>
internal static class TrialOrganisations
{
    private const string Register = "organisations";

    /// <param name="ends">For each organisation the last days of its certificates.</param>
    /// <returns>The certificates in their order, each with the organisation that holds it.</returns>
    public static Task<IReadOnlyList<Certificate>> EnterAsync(IServiceProvider services, IReadOnlyList<IReadOnlyList<DateOnly>> ends)
    {
        var (ledger, register) = (services.GetRequiredService<SubjectLedger>(), services.GetRequiredService<MatterLibrary>().Subjects(Register)!.Value.Register);
        return services.GetRequiredService<IWriter>().WriteAsync<IReadOnlyList<Certificate>>(async (db, _) =>
        {
            var made = new List<Certificate>();
            for (var i = 0; i < ends.Count; i++)
            {
                var from = ends[i].Min().AddYears(-5);
                var subject = ledger.New(db, register, Codes.Organisation("51", 5000 + i), from, DateTimeOffset.UtcNow);
                await ledger.EnterAsync(db, register, subject, Fields(i), new RegisterEntry { Register = Register, Entry = "{}", ValidFrom = from, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow });
                made.AddRange(ends[i].Select((last, n) => new Certificate
                {
                    Matter = "so-renewal", Kind = "so-certificate", Number = string.Create(CultureInfo.InvariantCulture, $"测社证字第{i:000}-{n:0000}号"), SubjectId = subject.Id, HolderName = subject.Name,
                    County = subject.County, Township = subject.Township, Village = subject.Village, ValidFrom = last.AddDays(1).AddYears(-5), ValidTo = last, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow,
                }));
            }
            db.AddRange(made);
            return made;
        });
    }

    private static JsonObject Fields(int number) => new()
    {
        ["uscc"] = Codes.Organisation("51", 5000 + number), ["name"] = $"临河县测试协会{number}", ["type"] = "association", ["seat"] = "341299101201", ["address"] = $"临河县测试路{number}号", ["scope"] = "章程规定的活动。",
        ["legalRep"] = "茶永年", ["legalRepId"] = Households.Another("341299197001010117", 7000 + number), ["legalRepPhone"] = "13800000100", ["email"] = $"association{number}@organisations.example",
        ["unit"] = "临河县文化和旅游局", ["unitEmail"] = $"unit{number}@organisations.example",
    };
}
