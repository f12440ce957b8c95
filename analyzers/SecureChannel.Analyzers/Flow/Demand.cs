using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The kinds of requirements on an object at a location in the program.</summary>
internal enum DemandKind
{
    /// <summary>A session must be in a required stage.</summary>
    Stage,

    /// <summary>A token must be valid.</summary>
    Token,

    /// <summary>A borrowed token must not be consumed.</summary>
    Borrowed,

    /// <summary>A channel must not have begun a protocol.</summary>
    Run,

    /// <summary>A task must not have been awaited before.</summary>
    Await,

    /// <summary>A task that no variable holds any longer must have been awaited.</summary>
    Awaited,
}

/// <summary>A requirement on an object at a location in the program.</summary>
internal readonly record struct Demand(DemandKind Kind, IOperation? Subject, ISymbol? Member, SyntaxNode Site, States Required = States.None)
{
    /// <summary>Gets the name that diagnostics show for the member that uses the object.</summary>
    public string User => Member switch
    {
        null => "The return statement",
        IMethodSymbol { Name: "MoveNextAsync" } => "The enumeration",
        IMethodSymbol { MethodKind: MethodKind.Conversion or MethodKind.Constructor } method => $"'{method.ContainingType.Name}'",
        var member => $"'{member.Name}'",
    };

    /// <summary>Gets the text that names the object in diagnostics.</summary>
    public string Description => Name is { } name ? $"'{name}'" : Subject?.Type is { } type ? $"a {type.Name}" : "it";

    /// <summary>Gets the name of the variable that holds the object, or null if there is none.</summary>
    public string? Name => Subject is null ? null : Origin(Subject) switch
    {
        ILocalReferenceOperation local => local.Local.Name,
        IParameterReferenceOperation parameter => parameter.Parameter.Name,
        _ => null,
    };

    /// <summary>Gets a value that indicates whether the object is the receiving lane of a split state.</summary>
    public bool IsOfReceiveLane => Subject is not null && TokenTypes.IsReceiveLane(Origin(Subject).Type);

    /// <summary>Removes the conversions and parentheses around an operation.</summary>
    public static IOperation Origin(IOperation operation)
    {
        while (operation is IConversionOperation or IParenthesizedOperation && operation.ChildOperations.FirstOrDefault() is { } inner)
            operation = inner;
        return operation;
    }
}

/// <summary>A demand, with the states that its object can have on any path to the location of the demand.</summary>
internal readonly record struct Finding(Demand Demand, States States);
