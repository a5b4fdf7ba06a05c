using System.Globalization;
using System.Text.Encodings.Web;
using Fluid;
using Fluid.Values;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>
/// A name the data does not contain. It may be asked about (<c>if</c>, <c>default</c>), but putting it on paper is an
/// error: a decision with an empty place where the amount belongs must not leave the house.
/// </summary>
internal sealed class MissingValue(string name) : FluidValue
{
    public override FluidValues Type => FluidValues.Nil;
    public override bool IsNil() => true;
    public override bool ToBooleanValue() => false;
    public override bool Equals(FluidValue? other) => other is null || other.IsNil();
    public override decimal ToNumberValue() => throw Fault();
    public override string ToStringValue() => throw Fault();
    public override object? ToObjectValue() => null;
    public override ValueTask<FluidValue> GetValueAsync(string member, TemplateContext context) => ValueTask.FromResult<FluidValue>(this);
    public override ValueTask WriteToAsync(TextWriter writer, TextEncoder encoder, CultureInfo cultureInfo) => throw Fault();
    public override bool Equals(object? obj) => obj is FluidValue value && Equals(value);
    public override int GetHashCode() => 0;
    private DocumentTemplateException Fault() => new(null, "UnknownName", name);
}
