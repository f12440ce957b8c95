using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers;

/// <summary>SCH3001: a session is used for data before its handshake is complete, or otherwise in a state that the member does not allow.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3001SendBeforeEstablished() : FlowRule(Rule, "Session may be used before it is established")
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH3001";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Session is used before it is established", "'{0}' needs {1} to be {2}, but {3}: {4}", Category, DiagnosticSeverity.Error, true,
        "Data may be sent and received only on an established session: before that there are no keys.", "analyzers/docs/SCH3001.md");

    /// <inheritdoc/>
    private protected override Fault? CheckDemand(Demand demand, States states, UseAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Stage || (states & States.Stages & ~demand.Required) == 0)
            return null;
        var (session, name) = (demand.Subject is { } subject ? Demand.Origin(subject) : null, demand.Name);
        var member = demand.Member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? demand.Member.ContainingType.Name : demand.Member?.Name;
        var isDefinite = (states & demand.Required) == 0;
        return new Fault(
            isDefinite, member, name is null ? "its session" : $"'{name}'", demand.Required == States.Created ? "not yet established" : "established",
            isDefinite ? "it is not" : "on some paths it is not", Advice(session?.Type, name, demand.Required, analysis.Facts));
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
