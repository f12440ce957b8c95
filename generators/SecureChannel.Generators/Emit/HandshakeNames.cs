namespace SecureChannel.Generators.Emit;

/// <summary>The names and phrases of generated handshakes. Every name is qualified, so that no type or namespace of the user can hide it.</summary>
internal static class HandshakeNames
{
    public const string Handshakes = "global::SecureChannel.Handshakes.";
    public const string HandshakeResult = Handshakes + "HandshakeResult";
    public const string AuthenticationResult = Handshakes + "AuthenticationResult";
    public const string InvalidOperation = "global::System.InvalidOperationException";

    /// <summary>Returns the type with <c>global::</c>.</summary>
    public static string Qualify(string @namespace, string name) => @namespace.Length == 0 ? "global::" + name : $"global::{@namespace}.{name}";

    /// <summary>Returns "A", "A or B", or "A, B or C".</summary>
    public static string Enumerate(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : string.Join(", ", names.Take(names.Count - 1)) + " or " + names[names.Count - 1];

    /// <summary>Returns the name with an article, such as "a ClientHello".</summary>
    public static string WithArticle(string name) => ("AEIOU".IndexOf(name.TrimStart('\'')[0]) >= 0 ? "an " : "a ") + name;
}
