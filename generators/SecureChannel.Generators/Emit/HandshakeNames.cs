using SecureChannel.Model.Declarations;

namespace SecureChannel.Generators.Emit;

/// <summary>How generated machines name things.</summary>
internal static class HandshakeNames
{
    /// <summary>A type by its simple name where that is enough.</summary>
    public static string TypeOf(MessageReference message, string @namespace) =>
        message.FullyQualifiedName == "global::" + (@namespace.Length == 0 ? "" : @namespace + ".") + message.Name ? message.Name : message.FullyQualifiedName;

    /// <summary>A local variable's name for a message.</summary>
    public static string VariableOf(MessageReference message) => char.ToLowerInvariant(message.Identifier[0]) + message.Identifier.Substring(1) + (IsAmbiguous(message) ? "Message" : "");

    /// <summary>"A", "A or B", "A, B or C".</summary>
    public static string Enumerate(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[names.Count - 1];

    // The only lower-case words that a message's name could become and that the generated method uses itself.
    private static bool IsAmbiguous(MessageReference message) =>
        message.Identifier is "Code" || Microsoft.CodeAnalysis.CSharp.SyntaxFacts.GetKeywordKind(char.ToLowerInvariant(message.Identifier[0]) + message.Identifier.Substring(1)) != 0;
}
