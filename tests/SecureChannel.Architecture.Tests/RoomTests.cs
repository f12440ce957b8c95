using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace SecureChannel.Architecture.Tests;

/// <summary>The rooms of ARCHITECTURE.md, and which of them may know which.</summary>
public sealed class RoomTests
{
    private static readonly string[] Handshakes = ["KeyTransport", "Tls13"];

    /// <summary>The folders from the bottom to the top. Folders on one step do not use each other.</summary>
    private static readonly string[][] Ladder =
    [
        ["Buffers"], ["Errors"], ["Declarations"], ["Messages"], ["Cryptography"], ["Records", "Trust"], ["Engine"], Handshakes, ["Protocols"], ["Sessions"],
    ];

    private static readonly Lazy<IReadOnlyList<Use>> Uses = new(FindUses);

    [Fact]
    public void The_library_compiles_from_its_sources() =>
        Assert.Empty(Compiled.Library.Value.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));

    [Fact]
    public void A_folder_uses_only_folders_below_it() =>
        Nothing(use => use.To is not null && use.To != use.From && Height(use.To) >= Height(use.From));

    [Fact]
    public void Every_folder_has_its_place_on_the_ladder() =>
        Assert.Equal(
            Ladder.SelectMany(step => step).Order(StringComparer.Ordinal),
            Compiled.Library.Value.SyntaxTrees.Select(tree => RoomOf(tree.FilePath)).OfType<string>().Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Nothing_below_sessions_knows_of_sockets_or_streams_of_the_network() =>
        Nothing(use => use.From != "Sessions" && use.To is null && IsNetwork(use.Symbol));

    [Fact]
    public void A_handshake_stands_on_the_public_surface_of_the_other_rooms() =>
        Nothing(use => Handshakes.Contains(use.From) && use.To is not null && use.To != use.From && !IsPublic(use.Symbol));

    [Fact]
    public void A_handshake_is_named_only_where_it_is_offered() =>
        Nothing(use => Handshakes.Contains(use.To) && use.From != use.To && use.File != "src/SecureChannel/Sessions/SessionSecurity.cs");

    [Fact]
    public void Only_trust_builds_chains_of_certificates() =>
        Nothing(use => use.From != "Trust" && use.Symbol is IMethodSymbol { Name: "Build", ContainingType.Name: "X509Chain" });

    [Fact]
    public void Path_validation_opens_no_certificate_store_and_builds_no_chain_of_the_platform() =>
        Nothing(use => use.File.StartsWith("src/SecureChannel/Trust/", StringComparison.Ordinal)
            // The first is TrustPolicy.System; the second loads an endpoint's own identity and validates no path.
            && use.File is not ("src/SecureChannel/Trust/SystemChain.cs" or "src/SecureChannel/Trust/Identities/StoreCertificates.cs")
            && (use.Symbol as INamedTypeSymbol ?? use.Symbol.ContainingType) is { Name: "X509Chain" or "X509ChainPolicy" or "X509Store" });

    [Fact]
    public void Random_numbers_and_ciphers_are_the_cryptography_rooms() =>
        Nothing(use => use.From is not ("Cryptography" or "Trust") && use.To is null
            && use.Symbol is INamedTypeSymbol { Name: "RandomNumberGenerator" or "AesGcm" or "ChaCha20Poly1305" or "HKDF" or "HMAC" or "HMACSHA256" or "HMACSHA384" });

    [Fact]
    public void Only_sessions_and_what_carries_messages_await()
    {
        // Trust asks a remote signer or builds a chain in an operation that Sessions awaits; it never awaits the network.
        string[] rooms = ["Sessions", "Protocols", "Trust"];
        var found = Compiled.Library.Value.SyntaxTrees
            .Where(tree => RoomOf(tree.FilePath) is { } room && !rooms.Contains(room))
            .Where(tree => tree.GetRoot().DescendantNodes().Any(node => node is AwaitExpressionSyntax))
            .Select(tree => tree.FilePath);
        Assert.Empty(found);
    }

    private static void Nothing(Func<Use, bool> forbidden) => Assert.Empty(Uses.Value.Where(forbidden).Select(use => use.ToString()).Distinct());

    private static int Height(string room) => Array.FindIndex(Ladder, step => step.Contains(room));

    private static bool IsNetwork(ISymbol symbol) =>
        symbol.ContainingNamespace?.ToDisplayString() is "System.Net.Sockets" or "System.Net.Security" or "System.IO.Pipelines";

    private static bool IsPublic(ISymbol? symbol)
    {
        for (; symbol is not (null or INamespaceSymbol); symbol = symbol.ContainingSymbol)
        {
            if (symbol.DeclaredAccessibility is not (Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal or Accessibility.NotApplicable))
            {
                return false;
            }
        }

        return true;
    }

    private static string? RoomOf(string path) => path.Split('/') is ["src", "SecureChannel", var room, _, ..] ? room : null;

    private static List<Use> FindUses()
    {
        var uses = new List<Use>();
        foreach (var tree in Compiled.Library.Value.SyntaxTrees)
        {
            if (RoomOf(tree.FilePath) is not { } room)
            {
                continue;
            }

            var model = Compiled.Library.Value.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol?.OriginalDefinition is { } symbol and not (INamespaceSymbol or ITypeParameterSymbol or ILocalSymbol or IParameterSymbol))
                {
                    uses.Add(new Use(tree.FilePath, room, symbol, Declarations(symbol)));
                }
            }
        }

        return uses;
    }

    // A partial type has several files; the generated ones belong to no room.
    private static string? Declarations(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Select(reference => RoomOf(reference.SyntaxTree.FilePath)).FirstOrDefault(room => room is not null);

    private sealed record Use(string File, string From, ISymbol Symbol, string? To)
    {
        public override string ToString() => $"{File} uses {Symbol.ToDisplayString()}{(To is null ? "" : $" of {To}")}";
    }
}
