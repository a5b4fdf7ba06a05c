namespace CivilAffairs.Web.Features.Matters;

/// <summary>A register 台账 that the matter's workflows write, kept apart from its cases.</summary>
public sealed record MatterRegister : MatterPart
{
    /// <summary>Several matters may write one register: they name the same id. One of them alone says what its subjects are.</summary>
    public required string Id { get; init; }
    public required Words Name { get; init; }

    /// <summary>Roles that may read it, each the lines of its own jurisdiction.</summary>
    public required IReadOnlyList<string> Readers { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";

    /// <summary>What its lines are versions of: <c>organisation</c> 社会组织; absent: each line stands alone.</summary>
    public string? Subject { get; init; }

    /// <summary>The register whose subjects its lines are about: 活动异常名录 is about 社会组织; absent: about no subject.</summary>
    public string? About { get; init; }

    /// <summary>What a line says of its subject.</summary>
    public IReadOnlyList<RegisterField> Fields { get; init; } = [];

    /// <summary>Whom letters about a subject go to.</summary>
    public IReadOnlyList<RegisterContact> Contacts { get; init; } = [];

    /// <summary>The persons who may act for a subject.</summary>
    public IReadOnlyList<RegisterPersonFields> Persons { get; init; } = [];

    /// <summary>How a ledger kept elsewhere is taken over 台账导入; absent: it is not.</summary>
    public RegisterImport? Import { get; init; }

    /// <summary>The one field marked as key: by it a subject is found.</summary>
    internal RegisterField? KeyField => Fields.FirstOrDefault(f => f.Key);

    /// <summary>The one field marked as title: the subject's name.</summary>
    internal RegisterField? TitleField => Fields.FirstOrDefault(f => f.Title);

    /// <summary>The division in which the subject sits.</summary>
    internal RegisterField? PlaceField => Fields.FirstOrDefault(f => f.Place);
}

/// <summary>A field of a register's lines.</summary>
public sealed record RegisterField : MatterPart
{
    public required string Id { get; init; }

    /// <summary>One of <see cref="Forms.FieldTypes.All"/>.</summary>
    public required string Type { get; init; }
    public required Words Label { get; init; }
    public bool Required { get; init; }

    /// <summary>As in forms: what the screen shows of it until somebody asks for all.</summary>
    public string Mask { get; init; } = "none";
    public IReadOnlyList<FieldOption> Options { get; init; } = [];
    public IReadOnlyList<FieldValidator> Validators { get; init; } = [];

    /// <summary>Identifies the subject (统一社会信用代码): exactly one field.</summary>
    public bool Key { get; init; }

    /// <summary>The subject's name: exactly one field.</summary>
    public bool Title { get; init; }

    /// <summary>A <c>division</c>: where the subject sits, which says who reads it. Exactly one field.</summary>
    public bool Place { get; init; }

    /// <summary>Shown in lists.</summary>
    public bool Listed { get; init; }

    /// <summary>What this begins with, by the answer to another field: a 社会团体's code begins with 51; absent: anything that its type allows.</summary>
    public FieldPrefix? Prefix { get; init; }

    /// <summary>As a question of a form, so that one set of rules checks both.</summary>
    internal FormField AsQuestion() => new()
    {
        Id = Id, Type = Type, Label = Label, Mask = Mask, Options = Options, Validators = Validators, Required = Required ? Condition.Always : Condition.Never,
    };
}

/// <summary>How a value begins, by what another field says.</summary>
public sealed record FieldPrefix : MatterPart
{
    /// <summary>A field of type <c>choice</c>.</summary>
    public required string Field { get; init; }

    /// <summary>By that field's value.</summary>
    public required IReadOnlyDictionary<string, string> Of { get; init; }
}

/// <summary>A recipient of letters about a subject, by the fields that hold it.</summary>
public sealed record RegisterContact : MatterPart
{
    /// <summary><c>holder</c>: the subject itself; <c>supervisor</c>: 业务主管单位.</summary>
    public required string Kind { get; init; }

    /// <summary>Field with the name; absent: not known.</summary>
    public string? Name { get; init; }

    /// <summary>Field of type <c>email</c>.</summary>
    public required string Email { get; init; }

    /// <summary>Field with <c>zh</c> or <c>en</c>; absent or empty: Chinese.</summary>
    public string? Language { get; init; }

    /// <summary>Field with a telephone number, for whoever has no e-mail; absent: none.</summary>
    public string? Phone { get; init; }
}

/// <summary>A person who may act for the subject: the legal representative 法定代表人, a handler 经办人.</summary>
public sealed record RegisterPersonFields : MatterPart
{
    /// <summary>The person's part, a code of the matter's own.</summary>
    public required string Role { get; init; }
    public required string Name { get; init; }

    /// <summary>Field of type <c>idNumber</c>.</summary>
    public required string IdNumber { get; init; }
}

/// <summary>The table of a ledger kept elsewhere: which column holds what.</summary>
public sealed record RegisterImport : MatterPart
{
    /// <summary>Roles that take a ledger over, each for its own jurisdiction.</summary>
    public required IReadOnlyList<string> Roles { get; init; }
    public required IReadOnlyList<ImportColumn> Columns { get; init; }

    /// <summary>The certificate that each row brings; absent: none.</summary>
    public ImportCertificate? Certificate { get; init; }
}

/// <summary>A column of the table.</summary>
public sealed record ImportColumn : MatterPart
{
    /// <summary>Id of a field.</summary>
    public required string Field { get; init; }

    /// <summary>What the column may be headed; the first is used in the template.</summary>
    public required IReadOnlyList<string> Headers { get; init; }
}

/// <summary>The columns of the certificate that a row brings.</summary>
public sealed record ImportCertificate : MatterPart
{
    /// <summary>One of the matter's <c>certificates</c>.</summary>
    public required string Kind { get; init; }
    public required IReadOnlyList<string> Number { get; init; }
    public required IReadOnlyList<string> ValidFrom { get; init; }
    public required IReadOnlyList<string> ValidTo { get; init; }
}
