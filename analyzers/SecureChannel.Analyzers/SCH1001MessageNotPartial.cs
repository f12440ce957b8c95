using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers;

/// <summary>SCH1001: a message or union is not partial, or stands in a type that is not, so nothing can be generated for it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH1001MessageNotPartial : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH1001";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Message is not partial", "'{0}' is declared with [{1}], but '{2}' is not partial, so its bytes cannot be generated: add 'partial' to '{2}'",
        "SecureChannel.Messages", DiagnosticSeverity.Error, true,
        "The generator adds reading, writing and the size to a message's own type; that type and all types around it must be partial.",
        "analyzers/docs/SCH1001.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            Analyze, SyntaxKind.ClassDeclaration, SyntaxKind.StructDeclaration, SyntaxKind.RecordDeclaration, SyntaxKind.RecordStructDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var type = (TypeDeclarationSyntax)context.Node;
        if (type.AttributeLists.Count == 0
            || type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().FirstOrDefault(part => !part.Modifiers.Any(SyntaxKind.PartialKeyword)) is not { } closed
            || context.SemanticModel.GetDeclaredSymbol(type, context.CancellationToken) is not { } symbol)
            return;
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "MessageAttribute" or "UnionAttribute" } declared
                && declared.ContainingNamespace is { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true }
                && attribute.ApplicationSyntaxReference is { } reference && reference.SyntaxTree == type.SyntaxTree && type.Span.Contains(reference.Span))
            {
                var name = declared.Name.Substring(0, declared.Name.Length - "Attribute".Length);
                context.ReportDiagnostic(Diagnostic.Create(Rule, type.Identifier.GetLocation(), symbol.Name, name, closed.Identifier.ValueText));
                return;
            }
        }
    }
}
