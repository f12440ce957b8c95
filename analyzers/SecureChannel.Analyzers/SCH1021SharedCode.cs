using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Messages;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers;

/// <summary>
/// SCH1021: two messages of a namespace have one code, and no protocols keep them apart. What is certainly wrong, two that may arrive in one state, is SCH2016's.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1021SharedCode : MessageRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1021";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Two messages have one code", "'{0}' shares its code: {1}",
        Category, DiagnosticSeverity.Info, true,
        "A message's code is all that its receiver knows before it reads the rest. Messages of protocols that have none of them in common may share codes.",
        "analyzers/docs/SCH1021.md");

    /// <inheritdoc/>
    protected override DiagnosticDescriptor Descriptor => Rule;

    /// <inheritdoc/>
    protected override IEnumerable<(MessageProblem Problem, string Text)> Check(INamedTypeSymbol message, MessageReading reading)
    {
        if (MessageCodes.FindSame(message) is { } same)
        {
            yield return (
                new MessageProblem(default, "", default),
                $"{MessageCodes.CodeOf(message)} is that of '{same.Name}' too, and whoever reads by the code alone takes one for the other; give it a code of its own");
        }
    }
}
