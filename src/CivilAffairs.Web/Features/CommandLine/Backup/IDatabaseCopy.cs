namespace CivilAffairs.Web.Features.CommandLine.Backup;

/// <summary>Copies the configured database into a file and back. The server may run while it is copied.</summary>
internal interface IDatabaseCopy
{
    /// <summary><c>sqlite</c> or <c>postgresql</c>: a backup of one cannot be put back into the other.</summary>
    string Kind { get; }

    /// <summary>Whether there is nothing yet where a restore would put it.</summary>
    Task<bool> IsEmptyAsync();

    /// <summary>One consistent state of all tables.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    Task SaveAsync(string path);

    /// <summary>All of it or nothing.</summary>
    /// <param name="path">What <see cref="SaveAsync"/> wrote.</param>
    Task LoadAsync(string path);
}
