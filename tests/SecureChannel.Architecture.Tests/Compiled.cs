using System.Reflection;
using System.Text;
using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SecureChannel.Testing;

namespace SecureChannel.Architecture.Tests;

/// <summary>C# compiled in memory, with the project's own generator.</summary>
internal static class Compiled
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.CSharp14, DocumentationMode.Parse);

    /// <summary>The library from its sources: every symbol knows the file it comes from.</summary>
    public static Lazy<Compilation> Library { get; } = new(() => Generate(LibrarySources, OutputKind.DynamicallyLinkedLibrary, Net100.References.All));

    /// <summary>The library from its sources, with another file in the same assembly.</summary>
    public static Compilation LibraryWith(string path, string text) =>
        Generate(LibrarySources.Append((path, text)), OutputKind.DynamicallyLinkedLibrary, Net100.References.All);

    /// <summary>Compiles a user's code against the built library.</summary>
    public static Compilation AgainstLibrary(IEnumerable<(string Path, string Text)> sources, OutputKind kind) => Generate(
        sources,
        kind,
        [.. Net100.References.All, Reference("SecureChannel"), Reference("SecureChannel.Sodium")]);

    private static IEnumerable<(string Path, string Text)> LibrarySources =>
        Repository.Files("src/SecureChannel", ".cs").Select(file => (file, File.ReadAllText(Repository.PathOf(file))));

    private static PortableExecutableReference Reference(string assembly) => MetadataReference.CreateFromFile(Assembly.Load(assembly).Location);

    private static Compilation Generate(IEnumerable<(string Path, string Text)> sources, OutputKind kind, IEnumerable<MetadataReference> references)
    {
        var trees = sources.Prepend(("ImplicitUsings.cs", ImplicitUsings)).Select(source => CSharpSyntaxTree.ParseText(source.Item2, Language, source.Item1, Encoding.UTF8));
        var options = new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true);
        var generators = Assembly.Load("SecureChannel.Generators").GetTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IIncrementalGenerator)))
            .Select(type => ((IIncrementalGenerator)Activator.CreateInstance(type, nonPublic: true)!).AsSourceGenerator());
        CSharpGeneratorDriver.Create(generators, parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(CSharpCompilation.Create("InMemory", trees, references, options), out var compilation, out _);
        return compilation;
    }
}
