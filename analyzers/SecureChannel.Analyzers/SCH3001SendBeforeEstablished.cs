using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3001: a session is used for data before its handshake is complete, or otherwise in a state that the member does not allow.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3001SendBeforeEstablished : DiagnosticAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3001";

    // The page's path in the repository: no address on the web is ours.
    private const string HelpLink = "analyzers/docs/SCH3001.md";

    /// <summary>The session is in the wrong state on every path.</summary>
    public static readonly DiagnosticDescriptor Definite = new(
        Id, "Session is used before it is established", "'{0}' needs {1} to be {2}, but it is not: {3}", "SecureChannel.Use", DiagnosticSeverity.Error, true,
        "Data may be sent and received only on an established session: before that there are no keys.", HelpLink);

    // RS2001: one rule with two severities, so that what may go wrong does not weigh as what must; the release file has room for one.
#pragma warning disable RS2001
    /// <summary>The session is in the wrong state on some path.</summary>
    public static readonly DiagnosticDescriptor Possible = new(
        Id, "Session may be used before it is established", "'{0}' needs {1} to be {2}, but on some paths it is not: {3}", "SecureChannel.Use",
        DiagnosticSeverity.Warning, true, "Data may be sent and received only on an established session: before that there are no keys.", HelpLink);
#pragma warning restore RS2001

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Definite, Possible];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        UseAnalysis.Register(context, Report);
    }

    private static void Report(OperationBlockAnalysisContext context, UseAnalysis analysis, IReadOnlyCollection<Finding> found)
    {
        foreach (var (demand, states) in found.Where(finding => finding.Demand.Kind == DemandKind.Stage))
        {
            if ((states & States.Stages & ~demand.Required) != 0)
                context.ReportDiagnostic(Describe(demand, (states & demand.Required) == 0 ? Definite : Possible, analysis.Facts));
        }
    }

    private static Diagnostic Describe(Demand demand, DiagnosticDescriptor descriptor, Facts facts)
    {
        var (session, name) = (demand.Subject, demand.Name);
        while (session is IConversionOperation conversion)
            session = conversion.Operand;
        var member = demand.Member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? demand.Member.ContainingType.Name : demand.Member?.Name;
        return Diagnostic.Create(descriptor, demand.Site.GetLocation(), member, name is null ? "its session" : $"'{name}'",
            demand.Required == States.Created ? "not yet established" : "established", Advice(session?.Type, name, demand.Required, facts));
    }

    private static string Advice(ITypeSymbol? type, string? name, States required, Facts facts)
    {
        if (required == States.Created)
            return "use a session whose handshake has not begun";
        string? establish = null, open = null;
        for (; type is not null; type = type.BaseType)
        {
            foreach (var method in type.GetMembers().OfType<IMethodSymbol>())
            {
                if (!method.IsStatic && method.MethodKind == MethodKind.Ordinary && facts.Of(method).Ensures == required)
                    establish ??= method.Name;
                else if (method.IsStatic && facts.Of(method).Returns == required)
                    open ??= method.Name;
            }
        }

        var subject = name is null ? "" : $"{name}.";
        return (establish, open) switch
        {
            (not null, not null) => $"await '{subject}{establish}()' first, or open it with {open}",
            (not null, null) => $"await '{subject}{establish}()' first",
            (null, not null) => $"open it with {open}",
            _ => "complete its handshake first",
        };
    }
}
