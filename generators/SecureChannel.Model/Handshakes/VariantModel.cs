using Microsoft.CodeAnalysis;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Handshakes;

/// <summary>A type with <c>[VariantOf&lt;T&gt;]</c>.</summary>
/// <param name="Variant">The variant. Its message is never null.</param>
/// <param name="IsRecord">True if the type is a record; otherwise, false.</param>
/// <param name="IsNested">True if the type is nested in another type. Nothing is generated for a nested type.</param>
public sealed record VariantModel(MessageReference Variant, bool IsRecord, bool IsNested)
{
    /// <summary>The metadata name of the attribute.</summary>
    public const string Attribute = "SecureChannel.VariantOfAttribute`1";

    /// <summary>Reads a variant.</summary>
    /// <param name="type">The type with the attribute.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The variant, or null if its message is unknown or has no code.</returns>
    public static VariantModel? Read(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        var message = DeclarationReader.ReadMessage(type, cancellationToken);
        return message is { VariantOf: not null, Code: not null } ? new VariantModel(message, type.IsRecord, type.ContainingType is not null) : null;
    }
}
