using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2023: a message of a protocol is a ref struct, so the role that receives it is not generated.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2023NotReceivable : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2023";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message cannot be received by generated code",
        "'{0}' is read in place and cannot outlive an await, so nothing is generated for the {1}, which would receive it in '{2}': make it a class or " +
        "an ordinary struct",
        Category, DiagnosticSeverity.Warning, true,
        "What arrives in a protocol is handed to code that awaits; a ref struct lives in the buffer that the next message overwrites.",
        "analyzers/docs/SCH2023.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Model is not { Kind: DeclarationKind.Protocol } model)
            yield break;
        var told = new HashSet<(DeclaredTransition, RoleModel)>();
        foreach (var state in model.States)
        {
            foreach (var transition in state.Transitions)
            {
                var declared = declaration[transition];
                if ((transition.Message.IsRefStruct || transition.Message.OnTheWire.IsRefStruct) && told.Add((declared, transition.Sender)))
                {
                    yield return Diagnostic.Create(
                        Rule, declared.MessageLocation,
                        transition.Message.Name, transition.Receiver.Name(), state.Name);
                }
            }
        }
    }
}
