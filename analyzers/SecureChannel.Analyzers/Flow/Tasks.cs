using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The members of tasks that say when a task has completed.</summary>
internal static class Tasks
{
    public static bool IsTask(ITypeSymbol type) => type.Name is "Task" or "ValueTask" && IsIn(type, "Tasks");

    public static bool IsValueTask(ITypeSymbol type) => type.Name is "ValueTask" && IsIn(type, "Tasks");

    /// <summary>What a task returns; null if it is none, or returns nothing.</summary>
    public static ITypeSymbol? ResultOf(ITypeSymbol type) => IsTask(type) && type is INamedTypeSymbol { TypeArguments: [var result] } ? result : null;

    /// <summary>What is returned completes when the task does, with the same result.</summary>
    public static bool PassesOn(IMethodSymbol method) => method.Name is "ConfigureAwait" or "GetAwaiter" or "WaitAsync" || MayRepeat(method);

    /// <summary>What is returned may be awaited more than once.</summary>
    public static bool MayRepeat(IMethodSymbol method) => method.Name is "AsTask" or "Preserve";

    /// <summary>The task has completed when the call returns.</summary>
    public static bool Completes(IMethodSymbol method) =>
        method.Name == "GetResult" || (method is { Name: "Wait", ReturnsVoid: true } && IsTask(method.ContainingType));

    public static bool IsWhenAll(IMethodSymbol method) => method is { IsStatic: true, Name: "WhenAll" } && IsTask(method.ContainingType);

    public static bool IsWaitAll(IMethodSymbol method) => method is { IsStatic: true, Name: "WaitAll", ReturnsVoid: true } && IsTask(method.ContainingType);

    private static bool IsIn(ITypeSymbol type, string name) => type.ContainingNamespace is { ContainingNamespace.Name: "Threading" } space && space.Name == name;
}
