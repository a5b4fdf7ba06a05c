using System.Text.Json.Nodes;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>
/// Filing of village rules 村规民约备案 with the township [VC 27]: what a manager designs in the story. Accepted or returned once for
/// correction, reviewed by somebody else, filed with a numbered receipt or refused.
/// </summary>
internal static class VillageRules
{
    public const string Id = "village-rules", Receipt = "filing-receipt.html";

    /// <summary>As the manager types it.</summary>
    public const string ReceiptText = """
        <h1>村规民约备案回执</h1>
        <div class="number">{{ number }}</div>
        <p class="noindent">{{ applicant.village }}村民委员会：</p>
        <p>你村经{{ form.rules.adoptedOn | zh_date }}村民会议通过的《{{ form.rules.title }}》，依据《中华人民共和国村民委员会组织法》第二十七条报送备案。经审查，未发现与宪法、法律、法规和国家政策相抵触，没有侵犯村民的人身权利、民主权利和合法财产权利的内容，予以备案。</p>
        <p>审查意见：{{ task.review.opinion }}</p>
        <div class="seal">
        <p>{{ office.name }}</p>
        <p>{{ date | zh_date }}</p>
        </div>
        <div class="foot">
        <p>办件编号：{{ case.number }}　联系电话：{{ office.phone }}</p>
        <p>扫描二维码可核验本文书。</p>
        <img class="qr" data-url="{{ url }}">
        </div>
        """;

    /// <summary>The filing form: who files, what was adopted when, and the text of the rules as an attachment.</summary>
    public static string Form(string current)
    {
        var form = JsonNode.Parse(current)!.AsObject();
        form["sections"]!.AsArray().RemoveAt(1);
        form["sections"]!.AsArray().Add((JsonNode)new JsonObject
        {
            ["id"] = "rules",
            ["title"] = Words("村规民约", "The rules"),
            ["fields"] = new JsonArray(
                Field("title", "text", "名称", "Title", new JsonObject { ["rule"] = "maxLength", ["value"] = 100 }),
                Field("adoptedOn", "date", "村民会议通过日期", "Adopted by the villagers' assembly on", new JsonObject { ["rule"] = "notFuture" }),
                Field("present", "integer", "到会村民人数", "Villagers present", new JsonObject { ["rule"] = "min", ["value"] = 1 })),
        });
        form["attachments"] = new JsonArray(new JsonObject { ["id"] = "text", ["label"] = Words("村规民约文本", "Text of the rules"), ["required"] = true, ["accept"] = new JsonArray("pdf"), ["max"] = 1, ["source"] = "VC 27" });
        var note = Field("opinion", "text", "审查意见", "Opinion", new JsonObject { ["rule"] = "maxLength", ["value"] = 200 });
        var defects = Field("defects", "textarea", "需要补正的全部内容（每行一项）", "Everything to be corrected (one a line)", new JsonObject { ["rule"] = "maxLength", ["value"] = 1000 });
        defects["showWhen"] = "item.outcome === 'Correct'";
        form["taskForms"] = new JsonObject
        {
            ["accept"] = new JsonObject { ["title"] = Words("受理审查", "Acceptance"), ["fields"] = new JsonArray(defects) },
            ["correction"] = new JsonObject { ["title"] = Words("补正", "Correction"), ["fields"] = new JsonArray(Field("note", "text", "补正说明", "What was corrected")) },
            ["review"] = new JsonObject { ["title"] = Words("审查", "Review"), ["fields"] = new JsonArray(note) },
        };
        return Write(form);
    }

    /// <summary>What the tasks' outcomes and the end are called here.</summary>
    public static string Matter(string current)
    {
        var matter = JsonNode.Parse(current)!.AsObject();
        matter["outcomes"] = new JsonObject
        {
            ["Accept"] = new JsonObject { ["name"] = Words("受理", "Accept") },
            ["Correct"] = new JsonObject { ["name"] = Words("退回补正", "Return for correction") },
            ["File"] = new JsonObject { ["name"] = Words("予以备案", "File"), ["confirm"] = Words("将出具备案回执并告知村民委员会，之后不能撤回。", "The receipt is issued and the committee told; it cannot be taken back.") },
            ["Refuse"] = new JsonObject { ["name"] = Words("不予备案", "Refuse"), ["confirm"] = Words("将告知村民委员会不予备案，之后不能撤回。", "The committee is told; it cannot be taken back.") },
        };
        matter["statuses"] = new JsonObject { ["Registered"] = new JsonObject { ["name"] = Words("已备案", "Filed"), ["about"] = Words("村规民约已在乡镇备案，可以下载备案回执。", "The rules are filed; the receipt can be downloaded.") } };
        return Write(matter);
    }

    /// <summary>The definition, upon the one that the small matter begins with: its head and its way to withdraw stay.</summary>
    public static string Workflow(string current)
    {
        var definition = JsonNode.Parse(current)!.AsObject();
        var root = definition["root"]!;
        var kept = new HashSet<string> { "start", "withdraw", "setWithdrawn", "tellWithdrawn", "endWithdrawn", "tellRefused", "endRefused", "setRefused" };
        var (activities, connections) = (root["activities"]!.AsArray(), root["connections"]!.AsArray());
        foreach (var gone in activities.Where(a => !kept.Contains((string)a!["id"]!)).ToList()) activities.Remove(gone);
        foreach (var gone in connections.Where(c => !kept.Contains((string)c!["source"]!["activity"]!) || !kept.Contains((string)c["target"]!["activity"]!)).ToList()) connections.Remove(gone);
        const string limit = """return getParameter("village-rules.limit.decide")""";
        Add("accept", "HumanTask", "受理", ("title", "受理", "Literal"), ("titleEn", "Accept", "Literal"), ("role", "TCK", "Literal"), ("level", "township", "Literal"), ("outcomes", """["Accept", "Correct"]""", "Object"), ("finishWithin", limit, "JavaScript"), ("form", "accept", "Literal"));
        Add("setCorrection", "SetStatus", "状态：待补正", ("status", "Correction", "Literal"));
        Add("tellCorrection", "Notify", "通知：退回补正", ("to", "applicant", "Literal"), ("template", "correction.mail", "Literal"));
        Add("correct", "ApplicantTask", "补正", ("kind", "Correction", "Literal"), ("title", "补正备案材料", "Literal"), ("titleEn", "Correct the filing", "Literal"), ("outcomes", """["Resubmitted"]""", "Object"), ("finishWithin", limit, "JavaScript"), ("form", "correction", "Literal"));
        Add("setLapsed", "SetStatus", "状态：逾期未补正", ("status", "Lapsed", "Literal"));
        Add("endLapsed", null, "结束");
        Add("setAccepted", "SetStatus", "状态：已受理", ("status", "Accepted", "Literal"));
        Add("review", "HumanTask", "乡镇审查", ("title", "审查", "Literal"), ("titleEn", "Review", "Literal"), ("role", "TRV", "Literal"), ("level", "township", "Literal"), ("outcomes", """["File", "Refuse"]""", "Object"), ("finishWithin", limit, "JavaScript"), ("form", "review", "Literal"), ("notSameAs", """["accept"]""", "Object"), ("source", "VC 27", "Literal"));
        Add("setFiled", "SetStatus", "状态：已备案", ("status", "Registered", "Literal"));
        Add("receipt", "IssueDocument", "出具备案回执", ("template", Receipt, "Literal"), ("numberKind", "receipt", "Literal"), ("deliver", "true", "Literal"));
        Add("tellFiled", "Notify", "通知：已备案", ("to", "applicant", "Literal"), ("template", "granted.mail", "Literal"));
        Add("endFiled", null, "结束");
        string[] ways = ["start.Done>accept", "accept.Correct>setCorrection", "setCorrection.Done>tellCorrection", "tellCorrection.Done>correct", "correct.Resubmitted>setAccepted", "correct.Expired>setLapsed", "setLapsed.Done>endLapsed",
            "accept.Accept>setAccepted", "setAccepted.Done>review", "review.File>setFiled", "setFiled.Done>receipt", "receipt.Done>tellFiled", "tellFiled.Done>endFiled", "review.Refuse>setRefused"];
        foreach (var way in ways)
        {
            var (from, to) = (way.Split('>')[0].Split('.'), way.Split('>')[1]);
            connections.Add((JsonNode)new JsonObject { ["source"] = new JsonObject { ["activity"] = from[0], ["port"] = from[1] }, ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" }, ["vertices"] = new JsonArray() });
        }
        return Write(definition);

        void Add(string id, string? type, string shown, params (string Name, string Value, string Kind)[] inputs)
        {
            var activity = new JsonObject
            {
                ["id"] = id, ["nodeId"] = $"Workflow1:{Id}:{id}", ["name"] = id, ["type"] = type is null ? "Elsa.Finish" : $"CivilAffairs.{type}", ["version"] = 1,
                ["customProperties"] = new JsonObject { ["canStartWorkflow"] = false, ["runAsynchronously"] = false },
                ["metadata"] = new JsonObject { ["displayText"] = shown, ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 260 * activities.Count, ["y"] = 480 }, ["size"] = new JsonObject { ["width"] = 180, ["height"] = 60 } } },
            };
            foreach (var (name, value, kind) in inputs)
                activity[name] = new JsonObject { ["typeName"] = kind == "Object" ? "List<String>" : value is "true" ? "Boolean" : "String", ["expression"] = new JsonObject { ["type"] = kind, ["value"] = value is "true" ? true : value } };
            if (type is "HumanTask" or "ApplicantTask") activity["result"] = null;
            activities.Add((JsonNode)activity);
        }
    }

    private static JsonObject Field(string id, string type, string zh, string en, params JsonObject[] validators)
    {
        var field = new JsonObject { ["id"] = id, ["type"] = type, ["label"] = Words(zh, en), ["required"] = true };
        if (validators.Length > 0) field["validators"] = new JsonArray([.. validators]);
        return field;
    }

    private static JsonObject Words(string zh, string en) => new() { ["zh"] = zh, ["en"] = en };

    private static string Write(JsonObject json) => json.ToJsonString(Web.Features.Matters.MatterJson.Options) + "\n";
}
