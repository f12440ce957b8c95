using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2031: a struct with <c>[VariantOf]</c> is written so that nothing can be generated for it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2031VariantNotDeclarable : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2031";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Variant cannot be generated", "'{0}' cannot be a variant: {1}",
        "SecureChannel.Declarations", DiagnosticSeverity.Error, true,
        "A variant is a partial struct of its own, at the top level, for a message with a code; the generator adds the message that it holds.",
        "analyzers/docs/SCH2031.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(Analyze, SyntaxKind.StructDeclaration, SyntaxKind.RecordStructDeclaration);
    }

    private static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (TypeDeclarationSyntax)context.Node;
        if (syntax.AttributeLists.Count == 0 || context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } symbol)
            return;
        var attribute = symbol.GetAttributes().FirstOrDefault(attribute => DeclarationReader.IsOurs(attribute, "VariantOfAttribute"));
        // A partial struct is told of once: where the attribute stands.
        if (attribute?.ApplicationSyntaxReference is not { } reference || reference.SyntaxTree != syntax.SyntaxTree || !syntax.Span.Contains(reference.Span)
            || attribute.AttributeClass!.TypeArguments is not [INamedTypeSymbol { TypeKind: not TypeKind.Error } message])
            return;
        if (Problem(syntax, symbol, message, DeclarationReader.ReadMessage(symbol, context.CancellationToken)) is { } problem)
            context.ReportDiagnostic(Diagnostic.Create(Rule, syntax.Identifier.GetLocation(), symbol.Name, problem));
    }

    private static string? Problem(TypeDeclarationSyntax syntax, INamedTypeSymbol symbol, INamedTypeSymbol message, MessageReference variant)
    {
        if (symbol.ContainingType is { } outer)
            return $"it stands inside of '{outer.Name}'; move it to the top level";
        if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
            return "it is not partial; add 'partial'";
        if (SymbolEqualityComparer.Default.Equals(message, symbol)
            || message.GetAttributes().Any(attribute => DeclarationReader.IsOurs(attribute, "VariantOfAttribute")))
            return $"'{message.Name}' is a variant itself; name the message";
        if (variant.Code is null)
            return $"'{message.Name}' has no code; declare it with [Message(code)]";
        return message.IsRefLikeType && !symbol.IsRefLikeType ? $"'{message.Name}' is a ref struct, and so must be what holds it; add 'ref'" : null;
    }
}
