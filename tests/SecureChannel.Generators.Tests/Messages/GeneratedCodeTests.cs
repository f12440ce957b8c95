// RS1036, RS1041, RS2008: the analyzer is a stub, which only this test loads.
#pragma warning disable RS1036, RS1041, RS2008
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Generators.Tests.Messages;

/// <summary>Tests of the attribute <c>GeneratedCode</c> on the generated part of a message: analyzers still analyze the user's part.</summary>
public sealed class GeneratedCodeTests
{
    [Fact]
    public void A_message_that_has_the_attribute_compiles()
    {
        var output = Generate("[SecureChannel.Message, System.CodeDom.Compiler.GeneratedCode(\"Tool\", \"1.0\")] public partial record Login(string User);");
        Assert.Empty(output.GetDiagnostics(TestContext.Current.CancellationToken).Where(found => found.Severity >= DiagnosticSeverity.Warning));
    }

    [Fact]
    public async Task Analyzers_that_skip_generated_code_still_analyze_the_users_part_of_a_message()
    {
        var output = Generate("[SecureChannel.Message] public partial record Login(string User) { public int Length() => User.Length; }");
        Assert.Contains(output.GetTypeByMetadataName("Login")!.GetAttributes(), attribute => attribute.AttributeClass!.Name == "GeneratedCodeAttribute");

        var found = await output.WithAnalyzers([new MemberAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.All(found, diagnostic => Assert.Equal("Login.cs", diagnostic.Location.SourceTree!.FilePath));
        Assert.Equal(["Length", "Login"], found.Select(diagnostic => diagnostic.GetMessage(null)).Distinct().Order(StringComparer.Ordinal));
    }

    private static Compilation Generate(string source)
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14);
        var compilation = CSharpCompilation.Create(
            "Tests",
            [CSharpSyntaxTree.ParseText(source, options, "Login.cs")],
            [.. Basic.Reference.Assemblies.Net100.References.All, MetadataReference.CreateFromFile(typeof(MessageAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        CSharpGeneratorDriver.Create([new MessageGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out _, TestContext.Current.CancellationToken);
        return output;
    }

    /// <summary>Reports every type, and every method with a body.</summary>
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class MemberAnalyzer : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Found = new("TEST1", "Member", "{0}", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Found];

        public override void Initialize(AnalysisContext context)
        {
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.EnableConcurrentExecution();
            context.RegisterSymbolAction(symbol => symbol.ReportDiagnostic(Diagnostic.Create(Found, symbol.Symbol.Locations[0], symbol.Symbol.Name)), SymbolKind.NamedType);
            context.RegisterOperationBlockAction(block => block.ReportDiagnostic(Diagnostic.Create(Found, block.OwningSymbol.Locations[0], block.OwningSymbol.Name)));
        }
    }
}
