using Microsoft.CodeAnalysis;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Handshakes;

/// <summary>A type with <c>[VariantOf&lt;T&gt;]</c>.</summary>
/// <param name="Variant">The variant; its message is never null.</param>
/// <param name="IsRecord">Whether it is a record.</param>
/// <param name="IsNested">Whether it stands inside another type, where it is not generated.</param>
public sealed record VariantModel(MessageReference Variant, bool IsRecord, bool IsNested)
{
    /// <summary>The metadata name of the attribute.</summary>
    public const string Attribute = "SecureChannel.VariantOfAttribute`1";

    /// <summary>Reads a variant.</summary>
    /// <param name="type">The type with the attribute.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Null if the message that it is a variant of is unknown, or has no code.</returns>
    public static VariantModel? Read(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var message = DeclarationReader.ReadMessage(type, cancellationToken);
        return message is { VariantOf: not null, Code: not null } ? new VariantModel(message, type.IsRecord, type.ContainingType is not null) : null;
    }
}
