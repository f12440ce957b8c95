using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2012: an attribute or argument has no effect in this kind of declaration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2012MarkerOutOfPlace : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2012";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Attribute says nothing here", "'{0}' says nothing here: {1}",
        Category, DiagnosticSeverity.Error, true,
        "What a reader would take for a guarantee must be one; what has no effect where it stands is refused.",
        "analyzers/docs/SCH2012.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) =>
        declaration.Kind == DeclarationKind.Protocol ? InProtocol(declaration) : InHandshake(declaration);

    private static IEnumerable<Diagnostic> InProtocol(DeclaredEnum declaration)
    {
        foreach (var state in declaration.States)
        {
            if (state.Established is { } established)
                yield return Report(established.GetLocation(), "Established", "a protocol runs in a session that is established; mark its end with [Final]");
            if (state is { Final: not null, Deadline: { } deadline })
                yield return Report(deadline.GetLocation(), "Deadline", "the protocol has ended in this state");
            foreach (var transition in state.Transitions)
            {
                if (transition.Authenticates is not null)
                    yield return Report(transition.LocationOf("Authenticates"), "Authenticates", "identities are proven by the handshake, before the protocol begins");
                if (transition.IsEphemeralKey)
                    yield return Report(transition.LocationOf("CarriesEphemeralKey"), "CarriesEphemeralKey", "keys are agreed by the handshake, before the protocol begins");
            }
        }
    }

    private static IEnumerable<Diagnostic> InHandshake(DeclaredEnum declaration)
    {
        foreach (var state in declaration.States)
        {
            if (state.Final is { } final)
                yield return Report(final.GetLocation(), "Final", "a handshake is complete where it is [Established], and the session ends when an end closes it");
            if (state.Deadline is { } deadline)
                yield return Report(deadline.GetLocation(), "Deadline", "the session's options bound the whole handshake");
        }
    }

    private static Diagnostic Report(Location location, string what, string why) => Diagnostic.Create(Rule, location, what, why);
}
