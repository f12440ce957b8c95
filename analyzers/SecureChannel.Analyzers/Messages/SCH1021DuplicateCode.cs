using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>
/// SCH1021: two messages of a namespace have the same code, and they do not belong to different protocols. SCH2016 reports two such messages that can arrive in
/// one state.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1021DuplicateCode : MessageRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [MessageDiagnostics.DuplicateCode];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> Check(INamedTypeSymbol message, MessageReading reading)
    {
        if (MessageCodes.FindSame(message) is { } same)
        {
            yield return new Finding(
                MessageDiagnostics.DuplicateCode,
                new MessageProblem(default, "", default),
                $"'{same.Name}' also has the code {KnownTypes.CodeOf(message)}, so a receiver that identifies messages by code confuses the two " +
                "messages; change one of the codes");
        }
    }
}
