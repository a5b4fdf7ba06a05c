using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace CivilAffairs.Web.Features.Accounts;

/// <summary>One labelled input of a form; a password never comes back to the page.</summary>
/// <param name="Name">Of the input, and the key of its errors.</param>
/// <param name="Autocomplete">The token of the HTML standard, so that a phone fills it in.</param>
public sealed record FormField(string Name, string Label, string? Value = null, string? Hint = null, string Type = "text", string? Autocomplete = null, string? Mode = null)
{
    public string? Shown => Type == "password" ? null : Value;

    public static string? Error(ModelStateDictionary state, string name)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.TryGetValue(name, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;
    }
}
