namespace SecureChannel.Generators.Emit;

/// <summary>The mark of generated types. Every generated type carries it, because some coverage tools ignore the attribute of a containing type.</summary>
internal static class GeneratedCode
{
    /// <summary>The version of the generator, which is the version of the package.</summary>
    public const string Version = "0.2.0";

    /// <summary>The attribute, for the line before a type.</summary>
    public const string Attribute = "[global::System.CodeDom.Compiler.GeneratedCode(\"SecureChannel\", \"" + Version + "\")]";
}
