using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The members by which a lane that receives is enumerated.</summary>
internal static class Lanes
{
    /// <summary>What is returned enumerates what the call is made on.</summary>
    public static bool IsEnumeration(IMethodSymbol method) => method.Name switch
    {
        "GetAsyncEnumerator" => true,
        "WithCancellation" or "ConfigureAwait" => method.ContainingType.Name is "TaskAsyncEnumerableExtensions" or "ConfiguredCancelableAsyncEnumerable",
        _ => false,
    };

    /// <summary>The next message is waited for.</summary>
    public static bool Receives(IMethodSymbol method) => method.Name == "MoveNextAsync";
}
