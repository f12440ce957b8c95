using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers;

/// <summary>SCH2006: transitions or markers stand on what is no declaration, so nothing is made of them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2006TransitionWithoutDeclaration : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2006";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Transitions belong to no declaration", "'{0}' has {1}, but is declared neither with [Protocol] nor with [Handshake], so nothing is generated",
        "SecureChannel.Declarations", DiagnosticSeverity.Warning, true,
        "Transitions and markers mean something on the members of an enum with [Protocol] or [Handshake], and nothing elsewhere.",
        "analyzers/docs/SCH2006.md");

    private static readonly string[] Names =
        ["ClientAttribute", "ServerAttribute", "AnytimeAttribute", "FinalAttribute", "EstablishedAttribute", "DeadlineAttribute"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(AnalyzeEnum, SyntaxKind.EnumDeclaration);
        context.RegisterSyntaxNodeAction(AnalyzeField, SyntaxKind.FieldDeclaration);
    }

    private static void AnalyzeEnum(SyntaxNodeAnalysisContext context)
    {
        var syntax = (EnumDeclarationSyntax)context.Node;
        if (syntax.AttributeLists.Count == 0 && syntax.Members.All(member => member.AttributeLists.Count == 0))
            return;
        if (context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } symbol || symbol.GetAttributes().Any(DeclarationReader.IsAnchor))
            return;
        var attributes = symbol.GetAttributes().Concat(DeclarationReader.MembersOf(symbol).SelectMany(member => member.GetAttributes()));
        if (attributes.FirstOrDefault(IsPart) is { } part)
            context.ReportDiagnostic(Diagnostic.Create(Rule, syntax.Identifier.GetLocation(), symbol.Name, NameOf(part)));
    }

    private static void AnalyzeField(SyntaxNodeAnalysisContext context)
    {
        var syntax = (FieldDeclarationSyntax)context.Node;
        if (syntax.AttributeLists.Count == 0
            || context.SemanticModel.GetDeclaredSymbol(syntax.Declaration.Variables[0], context.CancellationToken) is not { } symbol)
            return;
        foreach (var part in symbol.GetAttributes().Where(IsPart))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rule, part.ApplicationSyntaxReference!.GetSyntax(context.CancellationToken).GetLocation(), symbol.Name, NameOf(part)));
        }
    }

    private static bool IsPart(AttributeData attribute) => Names.Any(name => DeclarationReader.IsOurs(attribute, name));

    private static string NameOf(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name;
        return $"[{name.Substring(0, name.Length - "Attribute".Length)}]";
    }
}
