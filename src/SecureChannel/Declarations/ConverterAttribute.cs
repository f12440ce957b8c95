using SecureChannel.Messages;

namespace SecureChannel;

/// <summary>
/// Specifies the converter that reads and writes a type that the presentation language does not have. It applies to the type itself, or to a field of that type
/// or of a list, tuple or optional of it.
/// </summary>
/// <typeparam name="TConverter">The converter, an <see cref="IConverter{T}"/> of the type.</typeparam>
[AttributeUsage(
    AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum,
    Inherited = false)]
public sealed class ConverterAttribute<TConverter> : Attribute;
