using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Messages;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Development's applicants and clerks write to each other: one was answered and waits to be read, one waits for an answer.</summary>
internal static class DemoMessages
{
    /// <remarks>Each message has a key of its own: begun again after a kill, none is sent twice.</remarks>
    public static async Task RunAsync(IServiceProvider services, IReader reader, DemoSeats seats, CancellationToken cancel)
    {
        var commands = services.GetRequiredService<MessageCommands>();
        var written = 0;
        await using var db = reader.Open();
        foreach (var applicant in seats.Applicants)
        {
            if (written == 2) return;
            var found = await db.Set<Case>().VisibleTo(db, applicant).Where(c => c.Status != "Draft" && c.ClosedAt == null && c.Township != null).OrderBy(c => c.Number).FirstOrDefaultAsync(cancel);
            if (found is null || seats.Officers.FirstOrDefault(o => o.Holds(Roles.Clerk, found.Township!)) is not { } clerk) continue;
            if (written++ > 0)
            {
                await commands.SendAsync(applicant, found.Id, "我家上个月换了手机号，需要到窗口更新吗？", [], $"demo.message.{found.Id}", cancel);
                continue;
            }
            await commands.SendAsync(applicant, found.Id, "请问收入证明要哪里盖章？照片先发一份，请看是否可以。", [new SentFile("收入证明.png", SamplePicture.Png)], $"demo.message.{found.Id}", cancel);
            await commands.MarkReadAsync(clerk, found.Id, cancel);
            await commands.SendAsync(clerk, found.Id, "由村委会盖章即可。照片清楚，可以作为补充材料，请同时带上户口簿。", [], $"demo.message.answer.{found.Id}", cancel);
        }
    }
}
