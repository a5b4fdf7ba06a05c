using Fluid;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>The Liquid of a message, parsed once and rendered often. Safe for concurrent use.</summary>
public sealed class TextTemplate
{
    private TextTemplate(string source, IFluidTemplate liquid) => (Source, Liquid) = (source, liquid);

    /// <summary>As written.</summary>
    public string Source { get; }
    internal IFluidTemplate Liquid { get; }

    /// <exception cref="DocumentTemplateException">The Liquid is wrong; names the line.</exception>
    public static TextTemplate Parse(string source) => new(source, TemplateText.Parse(source));
}
