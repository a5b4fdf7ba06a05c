namespace CivilAffairs.Web.Features.Retention;

/// <param name="Erase">False: the case is kept.</param>
/// <param name="Reason">One of <see cref="ErasureCommands"/>' codes.</param>
internal sealed record ErasureChoice(bool Erase, string Reason);
