using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A rule about the use of sessions and tokens in compilations that reference SecureChannel.</summary>
public abstract class UsageRule : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (UsageAnalysis.Of(start.Compilation) is { } analysis)
                Register(start, analysis);
        });
    }

    /// <summary>Registers the rule's actions.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext start, UsageAnalysis analysis);
}
