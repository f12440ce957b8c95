namespace SecureChannel.Generators.Emit;

/// <summary>The mark of generated types. Every generated type carries it, because some coverage tools ignore the attribute of a containing type.</summary>
internal static class GeneratedCode
{
    /// <summary>Gets the attribute, for the line before a type. Its version is that of the generator, which is that of the package.</summary>
    public static string Attribute { get; } =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"SecureChannel\", \"{typeof(GeneratedCode).Assembly.GetName().Version.ToString(3)}\")]";
}
