using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>A file that is open in an editor: the tree as it stands, and the way back and forth. Of one page, used by one thread at a time.</summary>
/// <typeparam name="T">What is chosen in it.</typeparam>
internal abstract class TreeEditor<T>(JsonObject root, bool mayEdit) where T : class
{
    /// <summary>Steps back; a step keeps a copy of the tree, some hundred kilobytes for the largest form.</summary>
    public const int MostSteps = 100;
    private readonly LinkedList<(JsonObject Root, T? Chosen)> back = new();
    private readonly Stack<(JsonObject Root, T? Chosen)> forth = new();
    private JsonObject saved = root.DeepClone().AsObject();

    public JsonObject Root { get; private set; } = root;

    /// <summary>As it is stored, as far as this editor knows.</summary>
    public JsonObject Stored => saved;
    public T? Chosen { get; protected set; }
    public bool MayEdit { get; } = mayEdit;
    public bool IsChanged { get; private set; }
    public bool CanUndo => back.Count > 0;
    public bool CanRedo => forth.Count > 0;

    /// <summary>What is in use and taken away all the same, as its designer was told.</summary>
    public HashSet<string> Taking { get; } = [];

    public void Choose(T? spot) => Chosen = spot;

    /// <summary>One step that can be taken back.</summary>
    /// <param name="change">Changes the tree and gives what is chosen then.</param>
    public void Do(Func<JsonObject, T?> change)
    {
        if (!MayEdit) return;
        var before = (Root.DeepClone().AsObject(), Chosen);
        Chosen = change(Root);
        if (JsonNode.DeepEquals(before.Item1, Root)) return;
        back.AddLast(before);
        if (back.Count > MostSteps) back.RemoveFirst();
        forth.Clear();
        Changed();
    }

    /// <summary>The same, with what is chosen staying so.</summary>
    public void Set(Action change) => Do(_ =>
    {
        change();
        return Chosen;
    });

    public void Undo()
    {
        if (back.Last is not { } step) return;
        forth.Push((Root, Chosen));
        back.RemoveLast();
        (Root, Chosen) = step.Value;
        Changed();
    }

    public void Redo()
    {
        if (!forth.TryPop(out var step)) return;
        back.AddLast((Root, Chosen));
        (Root, Chosen) = step;
        Changed();
    }

    /// <summary>It is stored as <paramref name="stored"/>: what stands here, with what others saved in other parts. Then there is no way back before it.</summary>
    public void Saved(JsonObject stored)
    {
        Taking.Clear();
        if (!JsonNode.DeepEquals(stored, Root))
        {
            Root = stored.DeepClone().AsObject();
            back.Clear();
            forth.Clear();
        }
        saved = Root.DeepClone().AsObject();
        Changed();
    }

    /// <summary>Told after each change.</summary>
    protected abstract void Look();

    private void Changed()
    {
        IsChanged = !JsonNode.DeepEquals(saved, Root);
        Look();
    }
}

/// <summary>One open form, with what is wrong in it.</summary>
internal sealed class FormEditor : TreeEditor<FormSpot>
{
    public FormEditor(JsonObject root, bool mayEdit) : base(root, mayEdit)
    {
        Chosen = root[FormSpot.Sections] is JsonArray { Count: > 0 } ? FormSpot.Section(0) : null;
        Look();
    }

    public IReadOnlyList<MatterFault> Faults { get; private set; } = [];

    /// <summary>Null: it cannot be read as it stands.</summary>
    public FormFile? Form { get; private set; }

    /// <summary>What is wrong at this place and below it, without what the lists below say themselves.</summary>
    public IEnumerable<string> FaultsAt(string path, params string[] properties) =>
        Faults.Where(f => properties.Length == 0 ? f.Path == path : properties.Any(p => f.Path == $"{path}.{p}" || f.Path.StartsWith($"{path}.{p}.", StringComparison.Ordinal) || f.Path.StartsWith($"{path}.{p}[", StringComparison.Ordinal)))
            .Select(f => Platform.Pages.Languages.IsEnglish ? f.Text.En : f.Text.Zh).Distinct();

    /// <summary>Something in it is wrong.</summary>
    public bool IsWrong(FormSpot spot) => Faults.Any(f => f.IsError && (f.Path == spot.Path || f.Path.StartsWith(spot.Path + ".", StringComparison.Ordinal)));

    /// <summary>The place that a finding speaks of, as far as the list shows it.</summary>
    public FormSpot? Find(string path)
    {
        var all = Spots().Where(s => path == s.Path || path.StartsWith(s.Path + ".", StringComparison.Ordinal) || path.StartsWith(s.Path + "[", StringComparison.Ordinal));
        return all.MaxBy(s => s.Path.Length);
    }

    /// <summary>Everything that the list shows, in its order.</summary>
    public IEnumerable<FormSpot> Spots()
    {
        foreach (var (section, i) in Root[FormSpot.Sections].Parts().Select((s, i) => (s, i)))
        {
            yield return FormSpot.Section(i);
            for (var f = 0; f < section["fields"].Parts().Count; f++) yield return FormSpot.Section(i, f);
        }
        for (var i = 0; i < Root[FormSpot.Attachments].Parts().Count; i++) yield return FormSpot.Attachment(i);
        foreach (var (key, task) in Root[FormSpot.TaskForms] as JsonObject ?? [])
        {
            yield return FormSpot.Task(key);
            for (var f = 0; f < task.In("fields").Parts().Count; f++) yield return FormSpot.Task(key, f);
        }
    }

    /// <summary>As the refusal of a save names it: <c>members.health</c>.</summary>
    public string KeyOf(FormSpot spot)
    {
        var (whole, part) = (spot.Whole.In(Root).In("id").Text(), spot.In(Root).In("id").Text());
        var head = spot.Part switch { FormSpot.Attachments => $"attachments.{whole}", FormSpot.TaskForms => $"taskForms.{spot.At}", _ => whole ?? "" };
        return spot.Field is null ? head : $"{head}.{part}";
    }

    protected override void Look()
    {
        Form = FormFindings.Read(Root);
        Faults = FormFindings.Of(Root);
    }
}
