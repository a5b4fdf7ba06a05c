using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>The photographs that a document may show: in its data under <c>images</c>, key → JPEG as base64.</summary>
internal sealed class Pictures(JsonNode? data)
{
    private readonly JsonObject? images = (data as JsonObject)?["images"] as JsonObject;

    /// <exception cref="DocumentTemplateException">The data has no such picture.</exception>
    public byte[] Find(string? key)
    {
        var bytes = new Span<byte>(new byte[((string?)(key is { Length: > 0 } ? images?[key] : null) ?? "").Length]);
        return images?[key ?? ""] is JsonValue stored && Convert.TryFromBase64String((string)stored!, bytes, out var length) && length > 0
            ? bytes[..length].ToArray() : throw new DocumentTemplateException(null, "BadAttribute", "data-image");
    }

    /// <summary>As the address of an image element.</summary>
    public static string Address(byte[] jpeg) => $"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}";
}
