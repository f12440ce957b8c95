using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Model;

/// <summary>
/// Everything that a compilation declares: its sources without the bodies of members, its references and its options. Symbols depend on nothing else, so a
/// result that was read from symbols is also valid in another compilation with equal declarations.
/// </summary>
public sealed class DeclaredSources : IEquatable<DeclaredSources>
{
    private static readonly ConditionalWeakTable<Compilation, DeclaredSources> OfCompilations = new();
    private static readonly ConditionalWeakTable<SyntaxTree, DeclaredTree> OfTrees = new();

    private readonly DeclaredTree[] _trees;
    private readonly MetadataReference[] _references;
    private readonly CompilationOptions _options;
    private readonly string? _assembly;

    private DeclaredSources(Compilation compilation)
    {
        _trees = [.. compilation.SyntaxTrees.Select(tree => OfTrees.GetValue(tree, added => new DeclaredTree(added)))];
        _references = [.. compilation.References];
        _options = compilation.Options;
        _assembly = compilation.AssemblyName;
    }

    /// <summary>Gets the declarations of a compilation. After an edit, only the edited tree is read again.</summary>
    /// <param name="compilation">The compilation.</param>
    public static DeclaredSources Of(Compilation compilation) => OfCompilations.GetValue(compilation, added => new DeclaredSources(added));

    /// <inheritdoc/>
    public bool Equals(DeclaredSources? other) =>
        ReferenceEquals(this, other)
        || other is not null && _trees.SequenceEqual(other._trees) && _references.SequenceEqual(other._references) && _options.Equals(other._options) && _assembly == other._assembly;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DeclaredSources);

    /// <inheritdoc/>
    public override int GetHashCode() => _trees.Length;

    // The tokens of a tree outside of bodies, and its directives, which decide what is nullable and what is compiled.
    private sealed class DeclaredTree(SyntaxTree tree) : IEquatable<DeclaredTree>
    {
        private SyntaxTree? _tree = tree;
        private string? _text;

        // Read on the first comparison, which a compiler that runs once never makes. After that the tree can be collected.
        private string Text
        {
            get
            {
                if (Volatile.Read(ref _tree) is { } unread)
                {
                    Volatile.Write(ref _text, Read(unread.GetRoot()));
                    Volatile.Write(ref _tree, null);
                }

                return Volatile.Read(ref _text)!;
            }
        }

        public bool Equals(DeclaredTree? other) => ReferenceEquals(this, other) || other is not null && Text == other.Text;

        public override bool Equals(object? obj) => Equals(obj as DeclaredTree);

        public override int GetHashCode() => Text.GetHashCode();

        private static string Read(SyntaxNode root)
        {
            var text = new System.Text.StringBuilder();
            foreach (var item in root.DescendantNodesAndTokens(node => !IsBody(node)))
            {
                if (item.AsNode() is { } node)
                {
                    if (IsBody(node))
                        text.Append("{...}");
                    continue;
                }

                var token = item.AsToken();
                if (token.ContainsDirectives)
                {
                    foreach (var directive in token.GetAllTrivia().Where(trivia => trivia.IsDirective))
                        text.Append(directive.ToFullString()).Append('\n');
                }

                text.Append(token.Text).Append(' ');
            }

            return text.ToString();
        }

        // A directive inside a body can affect code after it.
        private static bool IsBody(SyntaxNode node) => node is BlockSyntax or ArrowExpressionClauseSyntax && !node.ContainsDirectives;
    }
}
