using CivilAffairs.Web.Platform.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CivilAffairs.Web.Features.Api;

/// <summary>Adds to the OpenAPI document what routes do not say of themselves: how to sign in, required headers, and problems.</summary>
internal static class ApiDescription
{
    private const string Session = "session", Token = "requestToken";

    private static readonly Dictionary<string, string> Meanings = new()
    {
        ["200"] = "What was asked for, or what came of it.",
        ["201"] = "Made: where it is stands in the header Location.",
        ["204"] = "Done; there is nothing to tell.",
        ["400"] = "The request cannot be understood: a header, query value or property is missing or wrong; 'errors' names it.",
        ["401"] = "Nobody is signed in.",
        ["403"] = "The caller may not do this; 'code' and 'detail' say why.",
        ["404"] = "There is none, or none that the caller may know of.",
        ["409"] = "Somebody was faster: by whom and when stands in 'detail'.",
        ["410"] = "Gone for good: the case's contents were erased, or the link was used or is too old.",
        ["412"] = "The case is not in the version that If-Match names: who changed it and when stands in 'detail'.",
        ["413"] = "Too large.",
        ["415"] = "Not a content type, or not a kind of file, that is taken here.",
        ["422"] = "Answers are not valid: 'errors' by field path. Code keyReused: the idempotency key came before with another body.",
        ["429"] = "Too many requests from this address; try again later.",
        ["503"] = "Too much is waiting to be written: nothing was done, try again after Retry-After seconds.",
    };

    public static void Configure(OpenApiOptions options)
    {
        options.ShouldInclude = described => described.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "CivilAffairs", Version = "v1",
                Description = "What the pages do, for programs. Sign in with POST /api/v1/session: the answer sets the session's cookie and tells a request token. Send the cookie with every request, "
                    + $"and with every one that is not a GET the token in the header {ApiRoutes.TokenHeader}. Commands also take {ApiRoutes.KeyHeader}: sent again under the same key, a command returns its first "
                    + "result; another body under the same key is refused (422). Refusals are problem details in the language of Accept-Language (zh-CN or en), with a stable 'code'. "
                    + "Money is in fen, dates are the bureau's days, instants are UTC.",
            };
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Session] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "civilaffairs", Description = "The session, from POST /api/v1/session or the sign-in page." },
                [Token] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = ApiRoutes.TokenHeader, Description = "The session's request token, from POST or GET /api/v1/session." },
            };
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type != typeof(ProblemDetails)) return Task.CompletedTask;
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What was refused, stable, for programs: task.separated." };
            schema.Properties["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object, Description = "By field path, header or query value: sentences in the caller's language.",
                AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            operation.OperationId = IdOf(context.Description.HttpMethod!, context.Description.RelativePath!);
            // Whatever takes a body refuses one that cannot be read, is too large, or of another kind.
            if (operation.RequestBody is not null && operation.Responses?.GetValueOrDefault("400") is { } unread)
                foreach (var status in (string[])["413", "415"]) operation.Responses.TryAdd(status, new OpenApiResponse { Content = unread.Content });
            if (metadata.OfType<IAuthorizeData>().Any()) operation.Security = [Required(context.Document!, context.Description.HttpMethod != "GET")];
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                if (parameter.Name == ApiRoutes.KeyHeader) (parameter.Required, parameter.Description) = (true, "Chosen by the sender, 1 to 100 characters: however often the command is sent under it, it is done once.");
                if (parameter.Name == "If-Match") parameter.Description = "The ETag that was read: refused with 412 if the case went on meanwhile. Absent: whatever its version is.";
                if (parameter.Name == "page") parameter.Description = "From 1, the default, to 10,000.";
                if (parameter.Name == "pageSize") parameter.Description = "1 to 100; 25 if absent.";
            }
            foreach (var (status, response) in operation.Responses ?? [])
                if (response is OpenApiResponse own) own.Description = Meanings.GetValueOrDefault(status) ?? own.Description;
            return Task.CompletedTask;
        });
    }

    /// <summary><c>postTasksByIdClaim</c>: a name for generated clients.</summary>
    private static string IdOf(string method, string path) => method.ToLowerInvariant() + string.Concat(path.Split('/').Skip(2)
        .Select(part => part is ['{', .. var name, '}'] ? "By" + Upper(name.Split(':')[0]) : string.Concat(part.Split('-').Select(Upper))));

    private static string Upper(string word) => word.Length == 0 ? "" : char.ToUpperInvariant(word[0]) + word[1..];

    private static OpenApiSecurityRequirement Required(OpenApiDocument document, bool changes)
    {
        var requirement = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Session, document)] = [] };
        if (changes) requirement[new OpenApiSecuritySchemeReference(Token, document)] = [];
        return requirement;
    }
}
