using CivilAffairs.Web.Platform.Outbox;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>A letter by a template that the product brings, for whoever adds it to their own transaction: sent at once, and the same letter however often it is tried.</summary>
internal static class ProductLetter
{
    /// <param name="data">JSON for the template's <c>reminder</c>: nothing personal (<see cref="OutboxMessage.Data"/>).</param>
    /// <param name="id">Its own; null: a new one.</param>
    public static OutboxMessage New(string template, string data, DateTimeOffset now, Guid? caseId = null, Guid? person = null, Guid? account = null, Guid? id = null)
    {
        var own = id ?? Guid.CreateVersion7();
        return new OutboxMessage
        {
            Id = own, CaseId = caseId, PersonId = person, AccountId = account, Template = template, Revision = OutboxMessage.Product, Data = data,
            MessageId = Recipients.MessageId(own), CreatedAt = now, DueAt = now,
        };
    }
}
