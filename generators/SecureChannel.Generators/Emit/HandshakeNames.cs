using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Emit;

/// <summary>How generated machines name things.</summary>
internal static class HandshakeNames
{
    /// <summary>A type by its simple name where that is enough.</summary>
    public static string TypeOf(MessageReference message, string @namespace) =>
        message.FullyQualifiedName == "global::" + (@namespace.Length == 0 ? "" : @namespace + ".") + message.Name ? message.Name : message.FullyQualifiedName;

    /// <summary>"A", "A or B", "A, B or C".</summary>
    public static string Enumerate(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[names.Count - 1];
}
