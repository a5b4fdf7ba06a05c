using System.Globalization;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>A template that cannot become a document: what is wrong, and in which line of the template.</summary>
/// <remarks>The message names template text only, never a value of the data, so it may be logged.</remarks>
public sealed class DocumentTemplateException : Exception
{
    private readonly object[] arguments;

    /// <summary>Creates the error.</summary>
    /// <param name="line">1-based line of the template; null where the fault has no place of its own (a limit).</param>
    /// <param name="key">Key of <c>DocumentTexts.resx</c>.</param>
    /// <param name="arguments">Template text the sentence quotes.</param>
    public DocumentTemplateException(int? line, string key, params object[] arguments)
        : base(DocumentTexts.Sentence(line, key, arguments, CultureInfo.CurrentUICulture)) =>
        (Line, Key, Subject, this.arguments) = (line, key, arguments is [string subject, ..] ? subject : "", arguments);

    /// <summary>The sentence in the language of a reader who is not the one asking now.</summary>
    public string In(CultureInfo culture) => DocumentTexts.Sentence(Line, Key, arguments, culture);

    /// <summary>The same fault in a text of which the template is a part that begins so many lines below the first.</summary>
    public DocumentTemplateException Below(int lines) => Line is { } line && lines > 0 ? new DocumentTemplateException(line + lines, Key, arguments) : this;

    /// <summary>What the sentence is about: the first quoted template text.</summary>
    internal string Subject { get; }

    /// <summary>1-based line of the template, null for a limit.</summary>
    public int? Line { get; }

    /// <summary>What kind of fault: the key of the sentence, stable for tests and logs.</summary>
    public string Key { get; }
}
