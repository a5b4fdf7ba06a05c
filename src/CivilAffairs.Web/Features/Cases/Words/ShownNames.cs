using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>What lists show of whom a case is about: a person's name masked, an organisation's whole, since it is public.</summary>
internal static class ShownNames
{
    public static string ShownName(this Case @case) => Of(@case.ApplicantName, @case.SubjectId is not null);

    /// <param name="isOrganisation">The name is not a person's.</param>
    public static string Of(string name, bool isOrganisation) => isOrganisation ? name : Mask.Name(name);
}
