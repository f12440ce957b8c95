using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>
/// A rule about enums with <c>[Protocol]</c> or <c>[Handshake]</c>. It reports while the enum's file is analyzed, so that an IDE shows the diagnostic at once.
/// </summary>
public abstract class DeclarationRule : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.EnumDeclaration);
    }

    /// <summary>Checks a declaration.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <returns>The diagnostics to report.</returns>
    protected abstract IEnumerable<Diagnostic> Check(DeclaredEnum declaration);

    private void Analyze(SyntaxNodeAnalysisContext context)
    {
        if (DeclaredEnumReader.Read((EnumDeclarationSyntax)context.Node, context.SemanticModel, context.CancellationToken) is not { } declaration)
            return;
        foreach (var diagnostic in Check(declaration))
            context.ReportDiagnostic(diagnostic);
    }
}
