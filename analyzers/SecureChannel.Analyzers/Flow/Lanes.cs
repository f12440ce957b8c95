using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The members that enumerate a receiving lane.</summary>
internal static class Lanes
{
    /// <summary>Determines whether a method returns an enumeration of the object that it is called on.</summary>
    public static bool IsEnumeration(IMethodSymbol method) => method.Name switch
    {
        "GetAsyncEnumerator" => true,
        "WithCancellation" or "ConfigureAwait" => method.ContainingType.Name is "TaskAsyncEnumerableExtensions" or "ConfiguredCancelableAsyncEnumerable",
        _ => false,
    };

    /// <summary>Determines whether a method receives the next message.</summary>
    public static bool Receives(IMethodSymbol method) => method.Name == "MoveNextAsync";
}
