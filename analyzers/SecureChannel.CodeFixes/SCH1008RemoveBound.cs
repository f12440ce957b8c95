using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers;
using SecureChannel.Model.Messages;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH1008: removes a bound that bounds nothing.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH1008RemoveBound : MessageFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH1008BoundWithoutVector.Id];

    /// <inheritdoc/>
    protected override string AttributeOf(string? problem) => problem == nameof(MessageProblemKind.ElementBoundWithoutVector) ? "ElementByteLength" : "ByteLength";
}
