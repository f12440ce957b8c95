using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Flow;

/// <summary>A rule about the use of sessions and tokens, in compilations that use SecureChannel.</summary>
public abstract class UseRule : DiagnosticAnalyzer
{
    /// <summary>The category of all rules of use.</summary>
    protected const string Category = "SecureChannel.Use";

    /// <inheritdoc/>
    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (UseAnalysis.Of(start.Compilation) is { } analysis)
                Register(start, analysis);
        });
    }

    /// <summary>Registers what the rule looks at.</summary>
    private protected abstract void Register(CompilationStartAnalysisContext start, UseAnalysis analysis);
}
