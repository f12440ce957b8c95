using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2001: messages cross, and one of them arrives in a state that does not receive it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2001MessageNotReceived : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.MessageNotReceived];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        if (declaration.Verification is not { } verification)
            yield break;
        foreach (var (crossing, trace) in verification.Crossings)
        {
            if (crossing is not Crossing.NotReceived arrival)
                continue;
            var message = arrival.Message;
            yield return Diagnostic.Create(
                ProtocolDiagnostics.MessageNotReceived,
                declaration[message].Location,
                [declaration[arrival.Crossed].Location],
                FixEncoding.For(declaration, arrival),
                message.Label, message.Receiver.Name(), verification.Graph.NameOf(arrival.At), trace);
        }
    }
}
