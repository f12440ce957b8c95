using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>
/// An enum with <c>[Protocol]</c> or <c>[Handshake]</c> as the rules need it: the generator's model, the syntax of each part, and the parts that the generator
/// skips. It contains no symbol, so that it can be cached while the declarations of the compilation are unchanged.
/// </summary>
public sealed class DeclaredEnum
{
    internal DeclaredEnum(
        EnumDeclarationSyntax syntax,
        DeclarationKind kind,
        IReadOnlyList<AttributeSyntax> anchors,
        string? wireName,
        bool isInFileOnly,
        DeclarationModel? model,
        IReadOnlyList<string> takenNames,
        IReadOnlyList<DeclaredState> states,
        IReadOnlyList<DeclaredTransition> anytime)
    {
        Syntax = syntax;
        Kind = kind;
        Anchors = anchors;
        WireName = wireName;
        IsInFileOnly = isInFileOnly;
        Model = model;
        TakenNames = takenNames;
        States = states;
        Anytime = anytime;
        Verification = model is { States.Count: > 0 } ? VerificationResult.Of(model) : null;
    }

    /// <summary>Gets the syntax of the enum.</summary>
    public EnumDeclarationSyntax Syntax { get; }

    /// <summary>Gets the kind of declaration.</summary>
    public DeclarationKind Kind { get; }

    /// <summary>Gets the <c>[Protocol]</c> and <c>[Handshake]</c> attributes; exactly one if the declaration is valid.</summary>
    public IReadOnlyList<AttributeSyntax> Anchors { get; }

    /// <summary>Gets the name and version on the wire, or null if it is missing.</summary>
    public string? WireName { get; }

    /// <summary>Gets a value that indicates whether the enum is file-local.</summary>
    public bool IsInFileOnly { get; }

    /// <summary>Gets the model that code is generated from, or null if nothing is generated.</summary>
    public DeclarationModel? Model { get; }

    /// <summary>Gets the names of generated types that are already in use in the namespace of the enum.</summary>
    public IReadOnlyList<string> TakenNames { get; }

    /// <summary>Gets the verification of the model, or null if the enum has no model or no states.</summary>
    public VerificationResult? Verification { get; }

    /// <summary>Gets the states in order.</summary>
    public IReadOnlyList<DeclaredState> States { get; }

    /// <summary>Gets the <c>[Anytime]</c> attributes of the enum itself.</summary>
    public IReadOnlyList<DeclaredTransition> Anytime { get; }

    /// <summary>Gets all attributes that name a message, on the enum and on its members.</summary>
    public IEnumerable<DeclaredTransition> Transitions => Anytime.Concat(States.SelectMany(state => state.Transitions));

    /// <summary>Gets the attribute that declares a transition.</summary>
    /// <param name="transition">The transition.</param>
    public DeclaredTransition this[Transition transition]
    {
        get
        {
            var declared = States[transition.From].Transitions;
            return declared.Where(item => !item.IsAnytime).Concat(declared.Where(item => item.IsAnytime)).Concat(Anytime)
                .SelectMany(item => Enumerable.Repeat(item, item.TransitionCount))
                .ElementAt(transition.Index);
        }
    }
}

/// <summary>A state: a member of the enum.</summary>
/// <param name="Syntax">The syntax of the member.</param>
/// <param name="Final">The member's <c>[Final]</c>; null if it has none.</param>
/// <param name="Established">The member's <c>[Established]</c>; null if it has none.</param>
/// <param name="Deadline">The member's <c>[Deadline]</c>; null if it has none.</param>
/// <param name="Transitions">The member's attributes that name a message, in order.</param>
public sealed record DeclaredState(
    EnumMemberDeclarationSyntax Syntax,
    AttributeSyntax? Final,
    AttributeSyntax? Established,
    AttributeSyntax? Deadline,
    IReadOnlyList<DeclaredTransition> Transitions)
{
    /// <summary>Gets the member's name.</summary>
    public string Name => Syntax.Identifier.ValueText;

    /// <summary>Gets the location of the member's name.</summary>
    public Location Location => Syntax.Identifier.GetLocation();
}

/// <summary>A <c>[Client&lt;T&gt;]</c>, <c>[Server&lt;T&gt;]</c> or <c>[Anytime&lt;T&gt;]</c> attribute.</summary>
/// <param name="Syntax">The syntax of the attribute.</param>
/// <param name="Sender">The role that sends; null if both roles can.</param>
/// <param name="IsAnytime">True for <c>[Anytime&lt;T&gt;]</c>.</param>
/// <param name="Message">The message; null if its type is not a named type.</param>
/// <param name="MessageText">The message's type in source code.</param>
/// <param name="Target">The kind of the target.</param>
/// <param name="Authenticates">The role that the message is declared to authenticate; null if it authenticates none.</param>
/// <param name="CarriesEphemeralKey">True if the message is declared to carry an ephemeral key.</param>
/// <param name="TransitionCount">The number of transitions in the model that the attribute declares in each state.</param>
public sealed record DeclaredTransition(
    AttributeSyntax Syntax,
    RoleModel? Sender,
    bool IsAnytime,
    MessageReference? Message,
    string MessageText,
    TargetKind Target,
    RoleModel? Authenticates,
    bool CarriesEphemeralKey,
    int TransitionCount)
{
    /// <summary>Gets the location of the attribute.</summary>
    public Location Location => Syntax.GetLocation();

    /// <summary>Gets the location of the message's name.</summary>
    public Location MessageLocation => TypeArgument?.GetLocation() ?? Location;

    /// <summary>Gets the syntax of the next state, or null if there is none.</summary>
    public ExpressionSyntax? TargetSyntax => Syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals is null)?.Expression;

    // The attribute's name can be qualified; generic names inside its type argument do not count.
    private TypeSyntax? TypeArgument => (Syntax.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        _ => Syntax.Name as SimpleNameSyntax,
    } as GenericNameSyntax)?.TypeArgumentList.Arguments.FirstOrDefault();

    /// <summary>Gets the location of a named argument, or the location of the attribute if the attribute has no such argument.</summary>
    /// <param name="argument">The name of the argument.</param>
    public Location LocationOf(string argument) =>
        Syntax.ArgumentList?.Arguments.FirstOrDefault(given => given.NameEquals?.Name.Identifier.ValueText == argument)?.GetLocation() ?? Location;
}

/// <summary>The kinds of targets of a transition.</summary>
public enum TargetKind
{
    /// <summary>A state of the enum that declares the transition.</summary>
    State,

    /// <summary>A value that compiles but is not a state of the enum.</summary>
    Other,

    /// <summary>A target that does not compile; the compiler reports it.</summary>
    Invalid,
}
