using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2012: an attribute or argument has no effect in this kind of declaration.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2012AttributeWithoutEffect : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.AttributeWithoutEffect];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration) =>
        declaration.Kind == DeclarationKind.Protocol ? InProtocol(declaration) : InHandshake(declaration);

    private static IEnumerable<Diagnostic> InProtocol(DeclaredEnum declaration)
    {
        foreach (var state in declaration.States)
        {
            if (state.Established is { } established)
                yield return Report(established.GetLocation(), "Established",
                    "a protocol runs in a session that is already established; use [Final] to mark the state in which the protocol ends");
            if (state is { Final: not null, Deadline: { } deadline })
                yield return Report(deadline.GetLocation(), "Deadline", "the protocol ends in this state");
            foreach (var transition in state.Transitions)
            {
                if (transition.Authenticates is not null)
                    yield return Report(transition.LocationOf("Authenticates"), "Authenticates", "the handshake authenticates the peers before the protocol begins");
                if (transition.CarriesEphemeralKey)
                    yield return Report(transition.LocationOf("CarriesEphemeralKey"), "CarriesEphemeralKey",
                        "the handshake establishes the keys before the protocol begins");
            }
        }
    }

    private static IEnumerable<Diagnostic> InHandshake(DeclaredEnum declaration)
    {
        if (declaration.Model is { RequiresClientIdentity: true } or { RequiresServerIdentity: true })
        {
            foreach (var attribute in declaration.Syntax.AttributeLists.SelectMany(list => list.Attributes).Where(IsRequiresIdentity))
                yield return Report(attribute.GetLocation(), "RequiresIdentity", "a handshake proves identities; mark the message that proves one with 'Authenticates'");
        }

        foreach (var state in declaration.States)
        {
            if (state.Final is { } final)
                yield return Report(final.GetLocation(), "Final", "a handshake is complete in an [Established] state, and the session ends when a role closes it");
            if (state.Deadline is { } deadline)
                yield return Report(deadline.GetLocation(), "Deadline", "the session's options limit the time of the whole handshake");
        }
    }

    private static bool IsRequiresIdentity(AttributeSyntax attribute) =>
        attribute.Name.ToString().Split('.', ':').Last() is "RequiresIdentity" or "RequiresIdentityAttribute";

    private static Diagnostic Report(Location location, string name, string reason) =>
        Diagnostic.Create(ProtocolDiagnostics.AttributeWithoutEffect, location, name, reason);
}
