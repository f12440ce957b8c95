using System.Collections.Immutable;
using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using SecureChannel.Analyzers;

namespace SecureChannel.CodeFixes;

/// <summary>Fixes SCH1010: removes [ClosedEnum] where there is no enum.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp), Shared]
public sealed class SCH1010RemoveClosed : MessageFix
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => [SCH1010ClosedWithoutEnum.Id];

    /// <inheritdoc/>
    protected override string AttributeOf(string? problem) => "ClosedEnum";
}
