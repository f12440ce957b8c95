using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2030: two messages of a handshake need handlers or writers with the same name.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2030HandlerNameConflict : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.HandlerNameConflict];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { Kind: DeclarationKind.Handshake } model)
            yield break;
        var earlier = new List<Transition>();
        var reported = new HashSet<DeclaredTransition>();
        foreach (var state in model.States)
        {
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if (Problem(transition, earlier) is { } problem && reported.Add(declared))
                    yield return Diagnostic.Create(ProtocolDiagnostics.HandlerNameConflict, declared.MessageLocation, transition.Message.Name, problem);
                earlier.Add(transition);
            }
        }
    }

    private static string? Problem(Transition transition, IEnumerable<Transition> earlier)
    {
        foreach (var other in earlier.Where(other => other.Sender == transition.Sender))
        {
            var isSame = other.Message.FullyQualifiedName == transition.Message.FullyQualifiedName;
            if (!isSame && other.Label == transition.Label)
                return $"another message from the {transition.Sender.Name()} is also named '{transition.Label}'";
            if (isSame && other.As == transition.As && other.Authenticates != transition.Authenticates)
                return "it authenticates its sender in one state but not in another";
        }

        return null;
    }
}
