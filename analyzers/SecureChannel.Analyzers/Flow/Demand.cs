using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What is demanded of an object at a place in the program.</summary>
internal enum DemandKind
{
    /// <summary>A session is in a stage.</summary>
    Stage,

    /// <summary>A token is valid.</summary>
    Token,

    /// <summary>A token that is only borrowed is not used up.</summary>
    Borrowed,

    /// <summary>No protocol has begun on a channel.</summary>
    Run,

    /// <summary>A task has not been awaited before.</summary>
    Await,

    /// <summary>A task that nothing holds any more has been awaited.</summary>
    Awaited,
}

/// <summary>A place where an object must be in a state.</summary>
internal readonly record struct Demand(DemandKind Kind, IOperation? Subject, ISymbol? Member, SyntaxNode Site, States Required = States.None)
{
    /// <summary>The member that uses the object, as messages name it.</summary>
    public string Who => Member switch
    {
        null => "The return statement",
        IMethodSymbol { Name: "MoveNextAsync" } => "The enumeration",
        IMethodSymbol { MethodKind: MethodKind.Conversion or MethodKind.Constructor } method => $"'{method.ContainingType.Name}'",
        var member => $"'{member.Name}'",
    };

    /// <summary>The object, as messages name it.</summary>
    public string What => Name is { } name ? $"'{name}'" : Subject?.Type is { } type ? $"a {type.Name}" : "it";

    /// <summary>The name of the variable that holds the object; null if none does.</summary>
    public string? Name => Subject is null ? null : Origin(Subject) switch
    {
        ILocalReferenceOperation local => local.Local.Name,
        IParameterReferenceOperation parameter => parameter.Parameter.Name,
        _ => null,
    };

    /// <summary>Whether the object is the lane of a split state that receives.</summary>
    public bool IsOfReceiveLane => Subject is not null && TokenTypes.IsReceiveLane(Origin(Subject).Type);

    /// <summary>An operation without the conversions and parentheses around it.</summary>
    public static IOperation Origin(IOperation operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation && operation.ChildOperations.FirstOrDefault() is { } inner)
            operation = inner;
        return operation;
    }
}

/// <summary>A demand with the states that the object may be in there, on all ways to it.</summary>
internal readonly record struct Finding(Demand Demand, States States);
