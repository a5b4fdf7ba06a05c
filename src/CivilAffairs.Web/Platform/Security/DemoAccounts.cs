namespace CivilAffairs.Web.Platform.Security;

/// <summary>The accounts of the fictional county, listed on the sign-in page in Development and nowhere else.</summary>
public interface IDemoAccounts
{
    /// <summary>In the order to be shown.</summary>
    Task<IReadOnlyList<DemoAccount>> ListAsync(CancellationToken cancel = default);
}

/// <param name="UserName">As in <see cref="Account"/>.</param>
/// <param name="Role">One of <see cref="Roles"/>, or <c>APP</c> for an applicant.</param>
/// <param name="PlaceZh">Office or village.</param>
public sealed record DemoAccount(string UserName, string Name, string Role, string PlaceZh, string PlaceEn);

internal sealed class NoDemoAccounts : IDemoAccounts
{
    public Task<IReadOnlyList<DemoAccount>> ListAsync(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<DemoAccount>>([]);
}
