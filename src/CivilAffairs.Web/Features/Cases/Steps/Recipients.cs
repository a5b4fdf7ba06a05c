using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Whom a message goes to: rows in the outbox, by reference.</summary>
internal static class Recipients
{
    /// <param name="to"><c>applicant</c>, <c>parties</c>, <c>role:TCK</c>; of a subject of a register <c>holder</c> or <c>supervisor</c>.</param>
    /// <exception cref="CaseFaultedException">Nobody is meant by <paramref name="to"/>.</exception>
    public static async Task AddAsync(CaseStep step, string to, string template)
    {
        if (to.StartsWith("role:", StringComparison.Ordinal))
        {
            foreach (var account in await HoldersAsync(step, to[5..]).ConfigureAwait(false)) step.Db.Add(Message(step, template, accountId: account));
            return;
        }
        if (to is "holder" or "supervisor")
        {
            var message = Message(step, template);
            (message.SubjectId, message.Contact) = (step.Case.SubjectId ?? throw new CaseFaultedException([new Incident("", $"The case is about no subject whose '{to}' could be written to.")]), to);
            step.Db.Add(message);
            return;
        }
        PartyRole[] roles = to switch
        {
            // Who applied through an agent is told as well as the agent.
            "applicant" => [PartyRole.Applicant, PartyRole.Agent],
            "parties" => [PartyRole.Applicant, PartyRole.Agent, PartyRole.Spouse, PartyRole.Guardian],
            _ => throw new CaseFaultedException([new Incident("", $"'{to}' is nobody a message can go to.")]),
        };
        var persons = await step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current && roles.Contains(p.Role)).Select(p => p.PersonId).Distinct().ToListAsync().ConfigureAwait(false);
        foreach (var person in persons) step.Db.Add(Message(step, template, personId: person));
    }

    private static async Task<List<Guid>> HoldersAsync(CaseStep step, string role)
    {
        var (today, county, township, village) = (step.Today, step.Case.County, step.Case.Township, step.Case.Village);
        return await step.Db.Set<Posting>()
            .Where(p => p.Role == role && (p.Division == county || p.Division == township || p.Division == village) && p.From <= today && (p.To == null || p.To >= today))
            .Select(p => p.AccountId).Distinct().OrderBy(id => id).Take(200).ToListAsync().ConfigureAwait(false);
    }

    private static OutboxMessage Message(CaseStep step, string template, Guid? personId = null, Guid? accountId = null)
    {
        var id = Guid.CreateVersion7();
        return new OutboxMessage
        {
            Id = id, CaseId = step.Case.Id, PersonId = personId, AccountId = accountId, Template = template, Revision = step.Revision.Hash,
            MessageId = MessageId(id), CreatedAt = step.Now, DueAt = step.Now,
        };
    }

    public static string MessageId(Guid id) => $"{id:N}@civilaffairs.invalid";
}
