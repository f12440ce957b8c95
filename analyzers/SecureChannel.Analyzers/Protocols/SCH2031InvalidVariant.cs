using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2031: a struct with <c>[VariantOf]</c> is declared in a form that code cannot be generated for.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2031InvalidVariant : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.InvalidVariant];

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
        var attribute = symbol.GetAttributes().FirstOrDefault(attribute => KnownTypes.Is(attribute, "VariantOfAttribute"));
        // A partial struct is reported once, on the part with the attribute.
        if (attribute?.ApplicationSyntaxReference is not { } reference || reference.SyntaxTree != syntax.SyntaxTree || !syntax.Span.Contains(reference.Span)
            || attribute.AttributeClass!.TypeArguments is not [INamedTypeSymbol { TypeKind: not TypeKind.Error } message])
            return;
        if (Problem(syntax, symbol, message, DeclarationReader.ReadMessage(symbol, context.CancellationToken)) is { } problem)
            context.ReportDiagnostic(Diagnostic.Create(ProtocolDiagnostics.InvalidVariant, syntax.Identifier.GetLocation(), symbol.Name, problem));
    }

    private static string? Problem(TypeDeclarationSyntax syntax, INamedTypeSymbol symbol, INamedTypeSymbol message, MessageReference variant)
    {
        if (symbol.ContainingType is { } outer)
            return $"it is nested in '{outer.Name}'; move it to the top level";
        if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
            return "it must be partial; add 'partial'";
        if (SymbolEqualityComparer.Default.Equals(message, symbol)
            || message.GetAttributes().Any(attribute => KnownTypes.Is(attribute, "VariantOfAttribute")))
            return $"'{message.Name}' is itself a variant; name the message of that variant instead";
        if (variant.Code is null)
            return $"'{message.Name}' has no code; declare it with [Message(code)]";
        return message.IsRefLikeType && !symbol.IsRefLikeType ? $"'{message.Name}' is a ref struct, so the variant must also be a ref struct; add 'ref'" : null;
    }
}
