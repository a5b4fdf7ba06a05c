namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>One reason or remark about a case that is to be moved.</summary>
/// <param name="Code">A code of <see cref="MoveNotes"/>, or one of the engine's.</param>
/// <param name="Zh">What it is about: a step's title, a field's label; may be empty.</param>
/// <param name="Detail">A name from the definition; may be empty.</param>
public sealed record MoveNote(string Code, string Zh = "", string En = "", string Detail = "");

/// <summary>Reasons that come from the case and not from its workflow.</summary>
internal static class MoveNotes
{
    public const string Changed = "Changed", WentOn = "WentOn", NoWorkflow = "NoWorkflow", NotRunning = "NotRunning", OutOfScope = "OutOfScope", SameVersion = "SameVersion", Failed = "Failed",
        FormLoses = "FormLoses", FormFault = "FormFault", FormRefuses = "FormRefuses", AttachmentMissing = "AttachmentMissing";
}
