using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2019: a message's code does not fit into the header.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2019CodeOutOfRange : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2019";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Code does not fit", "'{0}' has the code {1}, but the code of a message of a {2} is {3} to {4}",
        Category, DiagnosticSeverity.Error, true,
        "The header of a message of a handshake has one byte for the code (RFC 9846 section 4), that of a protocol a variable-size integer (RFC 9420 section 2.1.2).",
        "analyzers/docs/SCH2019.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    private const int MaxVarint = (1 << 30) - 1;

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var (kind, least, most) = declaration.Kind == DeclarationKind.Handshake ? ("handshake", 0, byte.MaxValue) : ("protocol", 1, MaxVarint);
        return declaration.Transitions
            .Where(transition => transition.Message?.Code is { } code && (code < least || code > most))
            .Select(transition => Diagnostic.Create(Rule, transition.MessageLocation, transition.MessageText, transition.Message!.Code, kind, least, most));
    }
}
