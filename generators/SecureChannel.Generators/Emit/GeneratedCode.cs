namespace SecureChannel.Generators.Emit;

/// <summary>The <c>[GeneratedCode]</c> attribute. Every generated type has one: some coverage tools ignore the attribute of a containing type.</summary>
internal static class GeneratedCode
{
    /// <summary>Gets the attribute as a line of code. The attribute contains the version of the generator, which equals the version of the package.</summary>
    public static string Attribute { get; } =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"SecureChannel\", \"{typeof(GeneratedCode).Assembly.GetName().Version.ToString(3)}\")]";
}
