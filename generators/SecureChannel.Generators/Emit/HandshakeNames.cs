namespace SecureChannel.Generators.Emit;

/// <summary>The type names and phrases in generated handshakes. Type names are fully qualified, so that a user's type or namespace cannot hide them.</summary>
internal static class HandshakeNames
{
    public const string Handshakes = "global::SecureChannel.Handshakes.";
    public const string HandshakeResult = Handshakes + "HandshakeResult";
    public const string AuthenticationResult = Handshakes + "AuthenticationResult";
    public const string InvalidOperation = "global::System.InvalidOperationException";

    /// <summary>Returns the fully qualified name of a type, with <c>global::</c>.</summary>
    public static string Qualify(string @namespace, string name) => @namespace.Length == 0 ? "global::" + name : $"global::{@namespace}.{name}";

    /// <summary>Formats names as a list, such as "A", "A or B", or "A, B or C".</summary>
    public static string Enumerate(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[names.Count - 1];

    /// <summary>Returns a name with its indefinite article, such as "a ClientHello".</summary>
    public static string WithArticle(string name) => ("AEIOU".IndexOf(name.TrimStart('\'')[0]) >= 0 ? "an " : "a ") + name;
}
