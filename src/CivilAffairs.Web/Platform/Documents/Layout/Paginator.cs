using static CivilAffairs.Web.Platform.Documents.Layout.Typography;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>Puts items on pages: what must stay together moves together, a table's head comes along, the foot ends the last page.</summary>
internal sealed class Paginator(RenderBudget budget)
{
    private readonly List<List<Placed>> _pages = [[]];
    private float _y = Top;

    public IReadOnlyList<IReadOnlyList<Placed>> Pages(IReadOnlyList<FlowItem> items, FlowItem? foot)
    {
        var groups = Groups(items);
        for (var i = 0; i < groups.Count; i++)
        {
            budget.Check();
            // The foot takes the last group with it, so that no page holds the foot alone.
            var reserve = i == groups.Count - 1 && foot is not null ? foot.Before + foot.Height : 0;
            Place(groups[i], reserve);
        }
        if (foot is not null)
        {
            if (_y + foot.Height > Bottom + 0.5f) NewPage();
            _pages[^1].AddRange(foot.Parts.Select(p => p.Moved(Bottom - foot.Height)));
        }
        return _pages;
    }

    private void Place(List<FlowItem> group, float reserve)
    {
        var height = group.Sum(i => i.Before + i.Height);
        var header = group[0].Header?.Sum(h => h.Height) ?? 0;
        if (group[0].NewPage || (_y > Top && _y + height + reserve > Bottom + 0.5f && height + header + reserve <= Bottom - Top)) NewPage(group[0]);
        foreach (var item in group)
        {
            // Only a group taller than a page is broken inside.
            if (_y > Top && _y + item.Before + item.Height > Bottom + 0.5f && item.Parts.Count > 0) NewPage(item);
            if (_y > Top) _y += item.Before;
            Put(item);
        }
    }

    private void Put(FlowItem item)
    {
        _pages[^1].AddRange(item.Parts.Select(p => p.Moved(_y)));
        _y += item.Height;
    }

    private void NewPage(FlowItem? first = null)
    {
        // A break before anything was placed would only leave an empty sheet.
        if (_y > Top || _pages[^1].Count > 0)
        {
            if (_pages.Count == budget.Limits.Pages) throw new DocumentTemplateException(null, "TooManyPages", budget.Limits.Pages);
            _pages.Add([]);
        }
        _y = Top;
        foreach (var header in first?.Header ?? []) Put(header);
    }

    private static List<List<FlowItem>> Groups(IReadOnlyList<FlowItem> items)
    {
        var groups = new List<List<FlowItem>>();
        for (var i = 0; i < items.Count; i++)
        {
            if (i == 0 || !items[i - 1].KeepWithNext || items[i].NewPage) groups.Add([]);
            groups[^1].Add(items[i]);
        }
        return groups;
    }
}
