using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Usage;

/// <summary>
/// The suppressor of CS8509 on a switch expression that handles each case of a reply, because the compiler does not know that the reply has no other cases.
/// SCH3005 reports missing cases.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3005ExhaustiveSwitchSuppressor : DiagnosticSuppressor
{
    /// <summary>The suppression of CS8509.</summary>
    public static readonly SuppressionDescriptor Exhausted = new("SCH3005S", "CS8509", "The switch handles each message that can arrive in the state.");

    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => [Exhausted];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree
                || tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<SwitchExpressionSyntax>() is not { } expression)
                continue;
            if (context.GetSemanticModel(tree).GetOperation(expression, context.CancellationToken) is { } operation && ReplySwitch.Missing(operation) is { Count: 0 })
                context.ReportSuppression(Suppression.Create(Exhausted, diagnostic));
        }
    }
}
