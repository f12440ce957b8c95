using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1020: a text, bytes or a list have no bound of their own, so that a peer may fill them up to what a session accepts.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1020VectorWithoutBound : MessageRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1020";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Vector has no bound", "'{0}' has no bound: {1}",
        Category, DiagnosticSeverity.Info, true,
        "Without [ByteLength] the length is a variable-size integer (RFC 9420 section 2.1.2), and the session's limit on a message is the only bound.",
        "analyzers/docs/SCH1020.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override IEnumerable<(MessageProblem Problem, string Text)> Check(INamedTypeSymbol message, MessageReading reading)
    {
        if (reading.Model is not { } model)
            yield break;
        foreach (var field in model.Fields)
        {
            if (IsUnbounded(field.Type))
                yield return (new MessageProblem(default, field.Name.TrimStart('@'), default), "a peer may fill it up to the session's limit; say by [ByteLength(min, max)] how many bytes it may have");
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
