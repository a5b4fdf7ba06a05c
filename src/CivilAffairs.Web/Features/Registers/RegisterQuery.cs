using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers;

/// <summary>The registers and lists 登记簿与台账 that somebody may read: of organisations, and line by line.</summary>
public sealed class RegisterQuery(MatterLibrary library, SubjectQuery subjects, LineQuery lines)
{
    /// <returns>Benefits and certificates first, then what matters keep, by id.</returns>
    public IReadOnlyList<ReadRegister> Readable(Viewer viewer)
    {
        var organisations = library.Current.SelectMany(r => r.Matter.Registers).Where(r => r.Subject is not null && subjects.Divisions(viewer, r.Id).Count > 0).DistinctBy(r => r.Id)
            .OrderBy(r => r.Id, StringComparer.Ordinal).Select(r => new ReadRegister(r.Id, r.Name, r.Source, HasSubjects: true)).ToList();
        var listed = lines.Readable(viewer).ToList();
        return [.. listed.Where(r => r.Source.Length == 0), .. organisations, .. listed.Where(r => r.Source.Length > 0)];
    }

    /// <summary>Whether the viewer reads this one.</summary>
    public bool Reads(Viewer viewer, string register) => subjects.Divisions(viewer, register).Count > 0 && library.Subjects(register) is not null || lines.Reads(viewer, register);
}
