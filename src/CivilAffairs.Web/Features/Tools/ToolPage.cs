using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>
/// A page that works something out for whoever asks: limited as the API's tools are, and together with them. What is typed comes in the body
/// alone, so that no address, history or log has it.
/// </summary>
[EnableRateLimiting(PublicLimits.Tools)]
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal abstract class ToolPage : PageModel;
