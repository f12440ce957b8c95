using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>
/// An enum with <c>[Protocol]</c> or <c>[Handshake]</c> as a rule sees it: what the generator makes of it, where each part stands in the file, and what the
/// generator leaves out. Holds no symbol, so that it can be kept while nothing that is declared has changed.
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

    /// <summary>The enum in the file.</summary>
    public EnumDeclarationSyntax Syntax { get; }

    /// <summary>Which of the two attributes it has.</summary>
    public DeclarationKind Kind { get; }

    /// <summary>The attributes that declare it: one, if it is right.</summary>
    public IReadOnlyList<AttributeSyntax> Anchors { get; }

    /// <summary>Name and version on the wire; null if missing.</summary>
    public string? WireName { get; }

    /// <summary>Whether nothing outside of its file can name it.</summary>
    public bool IsInFileOnly { get; }

    /// <summary>What is generated from; null if the generator makes nothing of it.</summary>
    public DeclarationModel? Model { get; }

    /// <summary>The names that generated types would have, but that the developer has given to others beside the enum.</summary>
    public IReadOnlyList<string> TakenNames { get; }

    /// <summary>What follows from the model; null without a model or a state.</summary>
    public VerificationResult? Verification { get; }

    /// <summary>The members, in order.</summary>
    public IReadOnlyList<DeclaredState> States { get; }

    /// <summary>What <c>[Anytime]</c> on the enum itself declares.</summary>
    public IReadOnlyList<DeclaredTransition> Anytime { get; }

    /// <summary>All attributes that name a message, on the enum and on its members.</summary>
    public IEnumerable<DeclaredTransition> Transitions => Anytime.Concat(States.SelectMany(state => state.Transitions));

    /// <summary>The attribute that declares a transition.</summary>
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

/// <summary>A member of the enum.</summary>
/// <param name="Syntax">The member in the file.</param>
/// <param name="Final">Its <c>[Final]</c>; null if it has none.</param>
/// <param name="Established">Its <c>[Established]</c>; null if it has none.</param>
/// <param name="Deadline">Its <c>[Deadline]</c>; null if it has none.</param>
/// <param name="Transitions">Its attributes that name a message, in order.</param>
public sealed record DeclaredState(
    EnumMemberDeclarationSyntax Syntax,
    AttributeSyntax? Final,
    AttributeSyntax? Established,
    AttributeSyntax? Deadline,
    IReadOnlyList<DeclaredTransition> Transitions)
{
    /// <summary>The member's name.</summary>
    public string Name => Syntax.Identifier.ValueText;

    /// <summary>Where the member's name stands.</summary>
    public Location Location => Syntax.Identifier.GetLocation();
}

/// <summary>A <c>[Client&lt;T&gt;]</c>, <c>[Server&lt;T&gt;]</c> or <c>[Anytime&lt;T&gt;]</c>.</summary>
/// <param name="Syntax">The attribute in the file.</param>
/// <param name="Sender">Who sends; null if both may.</param>
/// <param name="IsAnytime">Whether it is an <c>[Anytime&lt;T&gt;]</c>.</param>
/// <param name="Message">The message; null if its type is not one that has a name of its own.</param>
/// <param name="MessageText">The message's type as the developer would write it.</param>
/// <param name="Target">Whether a transition leads to a state of its own enum.</param>
/// <param name="Authenticates">Whose identity it is declared to prove.</param>
/// <param name="IsEphemeralKey">Whether it is declared to carry an ephemeral key.</param>
/// <param name="TransitionCount">How many transitions of the model in its state come from it.</param>
public sealed record DeclaredTransition(
    AttributeSyntax Syntax,
    RoleModel? Sender,
    bool IsAnytime,
    MessageReference? Message,
    string MessageText,
    TargetKind Target,
    RoleModel? Authenticates,
    bool IsEphemeralKey,
    int TransitionCount)
{
    /// <summary>Where the attribute stands.</summary>
    public Location Location => Syntax.GetLocation();

    /// <summary>Where the message is named.</summary>
    public Location MessageLocation => TypeArgument?.GetLocation() ?? Location;

    /// <summary>What stands for the state after it; null if nothing does.</summary>
    public ExpressionSyntax? TargetSyntax => Syntax.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals is null)?.Expression;

    // The last generic name at the end of the attribute's own, which may be qualified; what is generic in its argument is another's.
    private TypeSyntax? TypeArgument => (Syntax.Name switch
    {
        QualifiedNameSyntax qualified => qualified.Right,
        AliasQualifiedNameSyntax aliased => aliased.Name,
        _ => Syntax.Name as SimpleNameSyntax,
    } as GenericNameSyntax)?.TypeArgumentList.Arguments.FirstOrDefault();

    /// <summary>Where a named argument stands; the whole attribute if it has none of that name.</summary>
    public Location LocationOf(string argument) =>
        Syntax.ArgumentList?.Arguments.FirstOrDefault(given => given.NameEquals?.Name.Identifier.ValueText == argument)?.GetLocation() ?? Location;
}

/// <summary>What a transition leads to.</summary>
public enum TargetKind
{
    /// <summary>A state of its enum.</summary>
    State,

    /// <summary>Something else.</summary>
    NoState,

    /// <summary>The compiler refuses what is written, and says why.</summary>
    Unknown,
}
