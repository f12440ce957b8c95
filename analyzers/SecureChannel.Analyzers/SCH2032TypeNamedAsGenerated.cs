using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2032: a type or namespace beside a protocol has the name of a class that is generated for it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2032TypeNamedAsGenerated : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2032";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Type is named as a generated class", "'{0}' exists beside '{1}', for which a class of that name is generated: rename one of them",
        Category, DiagnosticSeverity.Error, true,
        "A protocol's roles become classes that are called after the enum; two types of one name in one namespace do not compile.",
        "analyzers/docs/SCH2032.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        var name = declaration.Syntax.Identifier;
        foreach (var taken in declaration.TakenNames)
            yield return Diagnostic.Create(Rule, name.GetLocation(), taken, name.ValueText);
    }
}
