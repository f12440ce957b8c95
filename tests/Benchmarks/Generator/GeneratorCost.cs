using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Generators;

namespace SecureChannel.Benchmarks.Generator;

/// <summary>Measures the cost of the generator during edits and builds with 500 types, and compares it to an empty pipeline and MemoryPack's generator.</summary>
internal static class GeneratorCost
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    /// <summary>Prints the tables. <c>--no-build</c> omits the builds.</summary>
    public static int Run(string[] arguments)
    {
        var compilation = Compile();
        Generator[] generators =
        [
            new("empty pipeline", () => [new EmptyGenerator().AsSourceGenerator()]),
            new("SecureChannel", () => [new MessageGenerator().AsSourceGenerator(), new ProtocolGenerator().AsSourceGenerator(), new HandshakeGenerator().AsSourceGenerator()]),
            new("MemoryPack", MemoryPack),
        ];

        Console.WriteLine("| 500 types | first run, cold process | first run | unrelated edit | ratio to empty | re-emitted | source |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        var cold = generators.Select(generator => FirstRun(generator, compilation)).ToArray();
        var first = FastestTenths(generators, 15, (generator, _) => FirstRun(generator, Compile()));
        var states = generators.Select(generator => Driver(generator).RunGenerators(compilation)).ToArray();
        var edits = FastestTenths(generators, 41, (generator, round) => Edit(ref states[Array.IndexOf(generators, generator)], compilation, round));
        for (var i = 0; i < generators.Length; i++)
        {
            var result = states[i].GetRunResult();
            var source = result.GeneratedTrees.Sum(tree => (long)tree.Length);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {generators[i].Name} | {cold[i]:F0} ms | {first[i]:F0} ms | {edits[i]:F1} ms | {edits[i] / edits[0]:F2} | {ReEmitted(generators[i], compilation)} | {source / 1024.0:F0} KB |"));
        }

        if (!arguments.Contains("--no-build"))
            BuildCost.Run();
        return 0;
    }

    private static double[] FastestTenths(Generator[] generators, int rounds, Func<Generator, int, double> measure)
    {
        var times = generators.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            // The generators alternate, so that other work on the machine affects all of them alike.
            for (var i = 0; i < generators.Length; i++)
                times[i].Add(measure(generators[i], round));
        }

        return [.. times.Select(list => list.Order().ElementAt(list.Count / 10))];
    }

    private static double FirstRun(Generator generator, CSharpCompilation compilation)
    {
        var driver = Driver(generator);
        var start = Stopwatch.GetTimestamp();
        driver.RunGenerators(compilation);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Edit(ref GeneratorDriver driver, CSharpCompilation compilation, int round)
    {
        var edited = Edited(compilation, round + 1);
        var start = Stopwatch.GetTimestamp();
        driver = driver.RunGenerators(edited);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static int ReEmitted(Generator generator, CSharpCompilation compilation)
    {
        var driver = Driver(generator, isTracked: true).RunGenerators(compilation).RunGenerators(Edited(compilation, 1));
        return driver.GetRunResult().Results
            .SelectMany(result => result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(run => run.Outputs))
            .Count(output => output.Reason is IncrementalStepRunReason.New or IncrementalStepRunReason.Modified);
    }

    private static CSharpCompilation Edited(CSharpCompilation compilation, int edit) => compilation.ReplaceSyntaxTree(
        compilation.SyntaxTrees.Single(tree => tree.FilePath == FiveHundredTypes.UnrelatedFile),
        CSharpSyntaxTree.ParseText(FiveHundredTypes.Unrelated(edit), Options, FiveHundredTypes.UnrelatedFile));

    private static CSharpGeneratorDriver Driver(Generator generator, bool isTracked = false) => CSharpGeneratorDriver.Create(
        generator.Create(), parseOptions: Options, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, isTracked));

    private static CSharpCompilation Compile() => CSharpCompilation.Create(
        "Bank",
        FiveHundredTypes.Files().Select(file => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path)),
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    // The assemblies that this process has loaded are those that a build references.
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "SecureChannel.dll" or "MemoryPack.Core.dll" or "netstandard.dll")
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static ISourceGenerator[] MemoryPack() =>
    [
        .. Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, "MemoryPackGenerator", "MemoryPack.Generator.dll")).GetTypes()
            .Where(type => type.IsDefined(typeof(GeneratorAttribute)) && !type.IsAbstract)
            .Select(Activator.CreateInstance)
            .Select(instance => instance is IIncrementalGenerator incremental ? incremental.AsSourceGenerator() : (ISourceGenerator)instance!),
    ];

    private sealed record Generator(string Name, Func<ISourceGenerator[]> Create);
}

/// <summary>A generator that only finds types by an attribute: the lower bound of the cost.</summary>
// Only this program runs it, not a compiler, so the rules for assemblies that a compiler loads do not apply (RS1036, RS1041, RS1042).
#pragma warning disable RS1036, RS1041, RS1042
[Generator(LanguageNames.CSharp)]
internal sealed class EmptyGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context) => context.RegisterSourceOutput(
        context.SyntaxProvider.ForAttributeWithMetadataName("SecureChannel.MessageAttribute", static (_, _) => true, static (_, _) => 0),
        static (_, _) => { });
}
