using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The task types, and the methods that complete a task or pass a task on.</summary>
internal static class Tasks
{
    public static bool IsTask(ITypeSymbol type) => type.Name is "Task" or "ValueTask" && IsIn(type, "Tasks");

    public static bool IsValueTask(ITypeSymbol type) => type.Name is "ValueTask" && IsIn(type, "Tasks");

    /// <summary>Gets the result type of a task, or null if the type is not a task or has no result.</summary>
    public static ITypeSymbol? ResultOf(ITypeSymbol type) => IsTask(type) && type is INamedTypeSymbol { TypeArguments: [var result] } ? result : null;

    /// <summary>Determines whether a method of a task returns an object that completes when the task completes, with the same result.</summary>
    public static bool PassesOn(IMethodSymbol method) => method.Name is "ConfigureAwait" or "GetAwaiter" or "WaitAsync" || MayRepeat(method);

    /// <summary>Determines whether a method returns a task that can be awaited more than once.</summary>
    public static bool MayRepeat(IMethodSymbol method) => method.Name is "AsTask" or "Preserve";

    /// <summary>Determines whether a method of a task returns only after the task has completed.</summary>
    public static bool Completes(IMethodSymbol method) =>
        method.Name == "GetResult" || (method is { Name: "Wait", ReturnsVoid: true } && IsTask(method.ContainingType));

    public static bool IsWhenAll(IMethodSymbol method) => method is { IsStatic: true, Name: "WhenAll" } && IsTask(method.ContainingType);

    public static bool IsWaitAll(IMethodSymbol method) => method is { IsStatic: true, Name: "WaitAll", ReturnsVoid: true } && IsTask(method.ContainingType);

    private static bool IsIn(ITypeSymbol type, string name) => type.ContainingNamespace is { ContainingNamespace.Name: "Threading" } space && space.Name == name;
}
