using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>Conflicts between two transitions of one sender in one state.</summary>
internal static class TransitionConflict
{
    /// <summary>
    /// Determines whether two messages have the same code. Variants of one message do not conflict, because their content distinguishes them.
    /// </summary>
    public static bool OfCodes(Transition left, Transition right) =>
        left.Sender == right.Sender
        && left.Message.OnTheWire is { Code: { } code } first && right.Message.OnTheWire is { } second
        && code == second.Code && first.FullyQualifiedName != second.FullyQualifiedName;

    /// <summary>Determines whether two messages would have the same name in the generated types.</summary>
    public static bool OfNames(Transition left, Transition right) =>
        left.Sender == right.Sender && left.Label == right.Label && left.Message.FullyQualifiedName != right.Message.FullyQualifiedName;
}
