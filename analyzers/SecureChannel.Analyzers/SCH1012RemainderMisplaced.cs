using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>SCH1012: a remainder cannot take what is left.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1012RemainderMisplaced : CodecRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1012";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Remainder is out of place", "'{0}' cannot take what is left: {1}",
        Category, DiagnosticSeverity.Error, true,
        "A remainder takes all bytes that are left, so nothing can come after it, and only bytes can hold it.",
        "analyzers/docs/SCH1012.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override string? Explain(MessageProblem problem) => problem.Kind switch
    {
        MessageProblemKind.RemainderWithoutBytes => $"a remainder is bytes, and '{problem.Arguments[0]}' is not; use ReadOnlyMemory<byte>, byte[] or, in a ref struct, ReadOnlySpan<byte>",
        MessageProblemKind.RemainderNotLast => $"'{problem.Arguments[0]}' comes after it; make it the last field",
        MessageProblemKind.RemainderAsArgument => $"'{problem.Arguments[1]}' ends with a remainder, which inside of '{problem.Arguments[0]}' would take the bytes of what follows; put it into a vector with [ByteLength]",
        _ => null,
    };
}
