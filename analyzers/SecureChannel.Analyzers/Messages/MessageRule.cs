using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>
/// A rule about types with <c>[Message]</c> or <c>[Union]</c>. It reports while the file that contains the location is analyzed, so that an IDE shows the
/// diagnostic at once.
/// </summary>
public abstract class MessageRule : DiagnosticAnalyzer
{
    /// <summary>The key of the diagnostic property that names the <see cref="MessageProblemKind"/> for code fixes.</summary>
    public const string ProblemProperty = "Problem";

    private static readonly ConditionalWeakTable<INamedTypeSymbol, MessageReading> Readings = new();

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSyntaxNodeAction(
            Analyze, SyntaxKind.ClassDeclaration, SyntaxKind.StructDeclaration, SyntaxKind.RecordDeclaration, SyntaxKind.RecordStructDeclaration);
    }

    /// <summary>Finds the problems of a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reading">The result of reading it.</param>
    /// <returns>The findings, which can be in any part of the type.</returns>
    private protected abstract IEnumerable<Finding> Check(INamedTypeSymbol message, MessageReading reading);

    private void Analyze(SyntaxNodeAnalysisContext context)
    {
        var syntax = (TypeDeclarationSyntax)context.Node;
        if (context.SemanticModel.GetDeclaredSymbol(syntax, context.CancellationToken) is not { } message
            || message.GetAttributes().FirstOrDefault(KnownTypes.IsMessageOrUnion)?.ApplicationSyntaxReference is not { } attribute)
            return;

        // All rules share one reading: a symbol belongs to one compilation.
        var reading = Readings.GetValue(message, type => MessageReader.Read(type, context.CancellationToken));
        foreach (var finding in Check(message, reading))
        {
            var problem = finding.Problem;
            var member = problem.Member.Length > 0 ? message.GetMembers(problem.Member).FirstOrDefault() : null;
            if (LocationOf(syntax, problem, member, attribute) is not { } location)
                continue;
            var name = member is null ? message.Name : $"{message.Name}.{member.Name}";
            context.ReportDiagnostic(Diagnostic.Create(
                finding.Rule, location, ImmutableDictionary<string, string?>.Empty.Add(ProblemProperty, problem.Kind.ToString()), [name, .. finding.Arguments]));
        }
    }

    // A member's problem is reported at the member, the type's problem on the part with the attribute; null if that is another part of the type.
    private static Location? LocationOf(TypeDeclarationSyntax syntax, MessageProblem problem, ISymbol? member, SyntaxReference attribute)
    {
        if (member is not null)
            return member.Locations.FirstOrDefault(location => location.SourceTree == syntax.SyntaxTree && syntax.Span.Contains(location.SourceSpan));
        if (syntax.SyntaxTree != attribute.SyntaxTree || !syntax.Span.Contains(attribute.Span))
            return null;
        return CaseOf(syntax, problem)?.GetLocation() ?? syntax.Identifier.GetLocation();
    }

    // A problem with a case of a union is reported at the attribute that names the case.
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

    /// <summary>A problem of a message, with the rule that reports the problem.</summary>
    /// <param name="Rule">The rule.</param>
    /// <param name="Problem">The problem.</param>
    /// <param name="Arguments">The arguments of the rule's message after the first, which is the name of the type or member.</param>
    private protected readonly record struct Finding(DiagnosticDescriptor Rule, MessageProblem Problem, params object[] Arguments);
}
