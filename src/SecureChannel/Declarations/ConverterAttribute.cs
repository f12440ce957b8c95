using SecureChannel.Messages;

namespace SecureChannel;

/// <summary>
/// Names the code that reads and writes a type which is none of the presentation language: on the type itself, or on a field of that type or of a list, tuple or
/// optional of it.
/// </summary>
/// <typeparam name="TConverter">An <see cref="IConverter{T}"/> of the type.</typeparam>
[AttributeUsage(
    AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum,
    Inherited = false)]
public sealed class ConverterAttribute<TConverter> : Attribute;
