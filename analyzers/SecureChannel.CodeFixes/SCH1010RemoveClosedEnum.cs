using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers.Messages;

namespace SecureChannel.CodeFixes;

/// <summary>A code fix for SCH1010 that removes [ClosedEnum] from a field that contains no enum.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH1010RemoveClosedEnum : MessageFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [MessageDiagnostics.ClosedEnumWithoutEnum.Id];

    /// <inheritdoc/>
    protected override string AttributeOf(string? problem) => "ClosedEnum";
}
