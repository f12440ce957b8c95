using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2006: transitions or markers are on something other than a protocol or handshake, so nothing is generated from them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2006TransitionWithoutDeclaration : DiagnosticAnalyzer
{
    private static readonly string[] Names =
        ["ClientAttribute", "ServerAttribute", "AnytimeAttribute", "FinalAttribute", "EstablishedAttribute", "DeadlineAttribute"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.TransitionWithoutDeclaration];

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
        if (context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } symbol || symbol.GetAttributes().Any(KnownTypes.IsDeclaration))
            return;
        var attributes = symbol.GetAttributes().Concat(DeclarationReader.MembersOf(symbol).SelectMany(member => member.GetAttributes()));
        if (attributes.FirstOrDefault(IsPart) is { } part)
            context.ReportDiagnostic(Diagnostic.Create(ProtocolDiagnostics.TransitionWithoutDeclaration, syntax.Identifier.GetLocation(), symbol.Name, NameOf(part)));
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
                ProtocolDiagnostics.TransitionWithoutDeclaration, part.ApplicationSyntaxReference!.GetSyntax(context.CancellationToken).GetLocation(), symbol.Name, NameOf(part)));
        }
    }

    private static bool IsPart(AttributeData attribute) => Names.Any(name => KnownTypes.Is(attribute, name));

    private static string NameOf(AttributeData attribute)
    {
        var name = attribute.AttributeClass!.Name;
        return $"[{name.Substring(0, name.Length - "Attribute".Length)}]";
    }
}
