using MudBlazor;

namespace CivilAffairs.Web.Features.Desk.Shell;

/// <summary>The product's tokens (wwwroot/css/site.css) as a MudBlazor theme.</summary>
internal static class DeskTheme
{
    private static readonly string[] Fonts = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1a4f9c", PrimaryDarken = "#153f7d", PrimaryLighten = "#e8f0fb", Secondary = "#566273", Error = "#c0362c", Warning = "#8f5600",
            Success = "#1e7b4f", Info = "#1a4f9c", Black = "#1b2430", TextPrimary = "#1b2430", TextSecondary = "#566273", TextDisabled = "#6b7684",
            Background = "#f6f8fb", Surface = "#ffffff", AppbarBackground = "#ffffff", AppbarText = "#1b2430", DrawerBackground = "#ffffff",
            DrawerText = "#1b2430", DrawerIcon = "#566273", Divider = "#dce2ea", LinesDefault = "#dce2ea", LinesInputs = "#7b8794", TableLines = "#dce2ea",
            ActionDefault = "#566273", ActionDisabled = "#6b7684",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", AppbarHeight = "60px", DrawerWidthLeft = "248px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Fonts, FontSize = "1rem", LineHeight = "1.6", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Fonts, FontSize = "1rem", FontWeight = "600", TextTransform = "none", LetterSpacing = "normal", LineHeight = "1.5" },
            Body1 = new Body1Typography { FontFamily = Fonts, FontSize = "1rem", LineHeight = "1.6", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Fonts, FontSize = ".9375rem", LineHeight = "1.5", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = Fonts, FontSize = ".875rem", LineHeight = "1.5", LetterSpacing = "normal" },
        },
    };
}
