using System.ComponentModel;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Architecture.Tests;

/// <summary>Tests of the public surface: namespaces, types and their documentation.</summary>
public sealed class PublicSurfaceTests
{
    private static readonly string[] Namespaces =
    [
        "SecureChannel", "SecureChannel.CodeAnalysis", "SecureChannel.CompilerServices", "SecureChannel.Cryptography", "SecureChannel.Handshakes", "SecureChannel.Messages",
        "SecureChannel.Protocols",
    ];

    private static readonly Type[] Types = typeof(SecureSession).Assembly.GetExportedTypes();

    [Fact]
    public void Public_types_are_in_the_seven_namespaces() =>
        Assert.Equal(Namespaces, Types.Select(type => type.Namespace).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_root_namespace_has_at_most_70_public_types() => Assert.InRange(Types.Count(type => type.Namespace == "SecureChannel"), 1, 70);

    [Fact]
    public void Editors_do_not_suggest_the_types_that_only_generated_code_uses() =>
        Assert.Equal([], Types.Where(type => type.Namespace == "SecureChannel.CompilerServices"
            && type.GetCustomAttribute<EditorBrowsableAttribute>() is not { State: EditorBrowsableState.Never }));

    [Fact]
    public void Every_public_member_has_a_summary()
    {
        var undocumented = Members(Compiled.Library.Value.Assembly.GlobalNamespace)
            .Where(member => member.GetDocumentationCommentXml() is not { } text || !(text.Contains("<summary>", StringComparison.Ordinal) || text.Contains("<inheritdoc", StringComparison.Ordinal)));
        Assert.Equal([], undocumented.Select(member => member.ToDisplayString()));
    }

    private static IEnumerable<ISymbol> Members(INamespaceOrTypeSymbol container) => container.GetMembers()
        .Where(member => member is INamespaceSymbol || (IsVisible(member) && !member.IsImplicitlyDeclared
            && member is not (IMethodSymbol { AssociatedSymbol: not null } or INamedTypeSymbol { TypeKind: TypeKind.Extension })))
        .SelectMany(member => member switch
        {
            INamespaceSymbol space => Members(space),
            INamedTypeSymbol { TypeKind: not TypeKind.Delegate } type => Members(type).Prepend(type),
            _ => [member],
        });

    private static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
