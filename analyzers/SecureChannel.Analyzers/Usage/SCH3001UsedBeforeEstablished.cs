using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Flow;

namespace SecureChannel.Analyzers.Usage;

/// <summary>SCH3001: a session is used before its handshake is complete, or in another state that the member does not allow.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH3001UsedBeforeEstablished() : FlowRule(UsageDiagnostics.UsedBeforeEstablished, UsageDiagnostics.PossibleUsedBeforeEstablished)
{
    /// <inheritdoc/>
    private protected override Violation? CheckDemand(Demand demand, States states, UsageAnalysis analysis)
    {
        if (demand.Kind != DemandKind.Stage || (states & States.Stages & ~demand.Required) == 0)
            return null;
        var (session, name) = (demand.Subject is { } subject ? Demand.Origin(subject) : null, demand.Name);
        var member = demand.Member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? demand.Member.ContainingType.Name : demand.Member?.Name;
        var isDefinite = (states & demand.Required) == 0;
        return new Violation(
            isDefinite, member, name is null ? "its session" : $"'{name}'", demand.Required == States.Created ? "not yet established" : "established",
            isDefinite ? "it is not" : "on some paths it is not", Advice(session?.Type, name, demand.Required, analysis.Facts));
    }

    private static string Advice(ITypeSymbol? type, string? name, States required, Facts facts)
    {
        if (required == States.Created)
            return "use a session whose handshake has not started";
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
