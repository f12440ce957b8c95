using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>SCH1020: a string, byte or list field has no bound of its own, so a peer can send up to the session's message limit.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1020UnboundedField : MessageRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [MessageDiagnostics.UnboundedField];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> Check(INamedTypeSymbol message, MessageReading reading)
    {
        if (reading.Model is not { } model)
            yield break;
        foreach (var field in model.Fields.Where(field => IsUnbounded(field.Type)))
        {
            yield return new Finding(
                MessageDiagnostics.UnboundedField,
                new MessageProblem(default, field.Name.TrimStart('@'), default),
                "a peer can send up to the session's message limit; set the allowed number of bytes with [ByteLength(min, max)]");
        }
    }

    private static bool IsUnbounded(WireType type) => type.Kind switch
    {
        WireKind.Optional => IsUnbounded(type.Element!),
        WireKind.Text or WireKind.ByteArray or WireKind.ByteMemory or WireKind.ByteSpan or WireKind.Array or WireKind.List or WireKind.ReadOnlyList
            or WireKind.ImmutableArray or WireKind.Dictionary or WireKind.ImmutableDictionary => type is { Bound: null, IsRemainder: false },
        _ => false,
    };
}
