using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>
/// A rule about types with <c>[Message]</c> or <c>[Union]</c>: tells what the generator passes over in silence. It reports while the file that holds the place is
/// analyzed, so that an IDE shows it at once.
/// </summary>
public abstract class MessageRule : DiagnosticAnalyzer
{
    /// <summary>The property of a diagnostic that names the <see cref="MessageProblemKind"/>, for fixes.</summary>
    public const string ProblemProperty = "Problem";

    /// <summary>The category of all rules about messages.</summary>
    protected const string Category = "SecureChannel.Messages";

    private static readonly ConditionalWeakTable<INamedTypeSymbol, MessageReading> Readings = new();

    /// <inheritdoc/>
    public sealed override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Descriptor];

    /// <summary>The rule: its message takes the name of the type or field, and what is wrong.</summary>
    protected abstract DiagnosticDescriptor Descriptor { get; }

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            Analyze, SyntaxKind.ClassDeclaration, SyntaxKind.StructDeclaration, SyntaxKind.RecordDeclaration, SyntaxKind.RecordStructDeclaration);
    }

    /// <summary>What is wrong with a message, as far as it is this rule's.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reading">What was read of it.</param>
    /// <returns>The member that each finding is about, empty for the type; and what is wrong, and what to do.</returns>
    protected abstract IEnumerable<(MessageProblem Problem, string Text)> Check(INamedTypeSymbol message, MessageReading reading);

    private void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (TypeDeclarationSyntax)context.Node;
        if (context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } message || AnchorOf(message) is not { } anchor)
            return;

        // All rules share one reading: a symbol belongs to one compilation.
        var reading = Readings.GetValue(message, type => MessageReader.Read(type, context.CancellationToken));
        foreach (var (problem, text) in Check(message, reading))
        {
            var place = problem.Member.Length > 0 ? message.GetMembers(problem.Member).FirstOrDefault() : null;
            var location = place is not null
                ? place.Locations.FirstOrDefault(candidate => candidate.SourceTree == syntax.SyntaxTree && syntax.Span.Contains(candidate.SourceSpan))
                : syntax.Span.Contains(anchor.Span) && syntax.SyntaxTree == anchor.SyntaxTree ? (CaseOf(syntax, problem)?.GetLocation() ?? syntax.Identifier.GetLocation()) : null;
            if (location is not null)
                context.ReportDiagnostic(Diagnostic.Create(
                    Descriptor, location, ImmutableDictionary<string, string?>.Empty.Add(ProblemProperty, problem.Kind.ToString()), place is null ? message.Name : $"{message.Name}.{place.Name}", text));
        }
    }

    // In a type of several parts, what is about the type stands on the part with the attribute.
    private static SyntaxReference? AnchorOf(INamedTypeSymbol message) => message.GetAttributes().FirstOrDefault(attribute =>
        attribute.AttributeClass is { Name: "MessageAttribute" or "UnionAttribute", ContainingNamespace: { Name: "SecureChannel", ContainingNamespace.IsGlobalNamespace: true } })
        ?.ApplicationSyntaxReference;

    // What is about a case of a union stands on the attribute that names it.
    private static AttributeSyntax? CaseOf(TypeDeclarationSyntax union, MessageProblem problem)
    {
        var name = problem.Kind switch
        {
            MessageProblemKind.CaseNotDerived or MessageProblemKind.TagOutOfRange or MessageProblemKind.DuplicateCase => problem.Arguments[0],
            MessageProblemKind.DuplicateTag => problem.Arguments[2],
            _ => null,
        };
        return name is null ? null : union.AttributeLists.SelectMany(list => list.Attributes).LastOrDefault(attribute =>
            attribute.Name.DescendantNodesAndSelf().OfType<GenericNameSyntax>().Any(generic => generic.Identifier.ValueText is "UnionCase" or "UnionCaseAttribute"
                && generic.TypeArgumentList.Arguments.Any(argument => argument.DescendantTokens().Any(token => token.ValueText == name))));
    }
}
