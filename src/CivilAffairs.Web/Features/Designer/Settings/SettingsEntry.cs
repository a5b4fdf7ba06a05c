using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>Settings while they are typed.</summary>
internal sealed class SettingsEntry
{
    public string NameZh { get; set; } = "";
    public string NameEn { get; set; } = "";
    public string SummaryZh { get; set; } = "";
    public string SummaryEn { get; set; } = "";
    public string Family { get; set; } = "";
    public List<Number> Numbering { get; } = [];
    public List<Cadence> Reverification { get; } = [];
    public List<Keeping> Retention { get; } = [];
    public List<Tagged> Statistics { get; } = [];
    public List<Source> Law { get; } = [];

    /// <summary>By field, as <see cref="SettingsFaults"/> names it.</summary>
    public IReadOnlyList<FieldFault> Faults { get; set; } = [];

    public static SettingsEntry Of(MatterSettings of)
    {
        var entry = new SettingsEntry { NameZh = of.NameZh, NameEn = of.NameEn, SummaryZh = of.SummaryZh, SummaryEn = of.SummaryEn, Family = of.Family };
        entry.Numbering.AddRange(of.Numbering.Select(n => new Number { At = n.At, Kind = n.Kind, Prefix = n.Prefix, Format = n.Format, NameZh = n.NameZh, NameEn = n.NameEn }));
        entry.Reverification.AddRange(of.Reverification.Select(r => new Cadence { At = r.At, Category = r.Category, Parameter = r.Parameter, Interval = r.Interval, Workflow = r.Workflow, NameZh = r.NameZh, NameEn = r.NameEn, Mark = r.Mark, Source = r.Source }));
        entry.Retention.AddRange(of.Retention.Select(r => new Keeping { At = r.At, Statuses = [.. r.Statuses], Keep = r.Keep, From = r.From, Mark = r.Mark, Source = r.Source }));
        entry.Statistics.AddRange(of.Statistics.Select(t => new Tagged { Tag = t }));
        entry.Law.AddRange(of.Law.Select(l => new Source { At = l.At, Zh = l.Zh, En = l.En }));
        return entry;
    }

    public MatterSettings Settings => new()
    {
        NameZh = NameZh, NameEn = NameEn, SummaryZh = SummaryZh, SummaryEn = SummaryEn, Family = Family,
        Numbering = [.. Numbering.Select(n => new NumberRow(n.At, n.Kind.Trim(), n.Prefix.Trim(), n.Format.Trim(), n.NameZh, n.NameEn))],
        Reverification = [.. Reverification.Select(r => new CadenceRow(r.At, r.Category.Trim(), r.Parameter, r.Interval.Trim(), r.Workflow, r.NameZh, r.NameEn, r.Mark, r.Source))],
        Retention = [.. Retention.Select(r => new RetentionRow(r.At, r.Statuses, r.Keep.Trim(), r.From, r.Mark, r.Source))],
        Statistics = [.. Statistics.Select(t => t.Tag.Trim()).Where(t => t.Length > 0)],
        Law = [.. Law.Select(l => new LawRow(l.At, l.Zh, l.En))],
    };

    internal sealed class Number
    {
        public int? At { get; init; }
        public string Kind { get; set; } = "";
        public string Prefix { get; set; } = "";
        public string Format { get; set; } = "";
        public string NameZh { get; set; } = "";
        public string NameEn { get; set; } = "";
    }

    internal sealed class Cadence
    {
        public int? At { get; init; }
        public string Category { get; set; } = "";
        public string Parameter { get; init; } = "";
        public string Interval { get; set; } = "";
        public string Workflow { get; set; } = "";
        public string NameZh { get; set; } = "";
        public string NameEn { get; set; } = "";
        public string Mark { get; set; } = "L";
        public string Source { get; set; } = "";
    }

    internal sealed class Keeping
    {
        public int? At { get; init; }
        public List<string> Statuses { get; init; } = [];
        public string Keep { get; set; } = "";
        public string From { get; set; } = "decision";
        public string Mark { get; set; } = "L";
        public string Source { get; set; } = "";
    }

    internal sealed class Tagged
    {
        public string Tag { get; set; } = "";
    }

    internal sealed class Source
    {
        public int? At { get; init; }
        public string Zh { get; set; } = "";
        public string En { get; set; } = "";
    }
}
