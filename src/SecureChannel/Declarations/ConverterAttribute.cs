using SecureChannel.Messages;

namespace SecureChannel;

/// <summary>
/// Specifies the converter that reads and writes a type that has no encoding in the presentation language. Apply the attribute to the type itself, to a field
/// of the type, or to a field that is a list, tuple or optional of the type.
/// </summary>
/// <typeparam name="TConverter">The converter, an <see cref="IConverter{T}"/> of the type.</typeparam>
[AttributeUsage(
    AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum,
    Inherited = false)]
public sealed class ConverterAttribute<TConverter> : Attribute;
