using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>When two transitions of one sender in one state cannot stand side by side.</summary>
internal static class TransitionConflict
{
    /// <summary>Whether their bytes cannot be told apart. Variants of one message can: by its content.</summary>
    public static bool OfCodes(Transition left, Transition right) =>
        left.Sender == right.Sender
        && left.Message.OnTheWire is { Code: { } code } first && right.Message.OnTheWire is { } second
        && code == second.Code && first.FullyQualifiedName != second.FullyQualifiedName;

    /// <summary>Whether two messages would have one name in the generated types.</summary>
    public static bool OfNames(Transition left, Transition right) =>
        left.Sender == right.Sender && left.Label == right.Label && left.Message.FullyQualifiedName != right.Message.FullyQualifiedName;
}
