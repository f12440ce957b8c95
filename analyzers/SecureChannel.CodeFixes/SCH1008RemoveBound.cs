using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH1008 that removes a length bound that has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH1008RemoveBound : MessageFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [MessageDiagnostics.BoundWithoutEffect.Id];

    /// <inheritdoc/>
    protected override string AttributeOf(string? problem) => problem == nameof(MessageProblemKind.ElementBoundWithoutVector) ? "ElementByteLength" : "ByteLength";
}
