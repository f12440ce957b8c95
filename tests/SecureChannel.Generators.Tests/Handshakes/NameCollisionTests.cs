using Basic.Reference.Assemblies;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Tests.Handshakes;

public sealed class NameCollisionTests
{
    /// <summary>Types and namespaces that hide the names of the library and of .NET in the namespace of the handshake.</summary>
    private const string UserTypes = """
        namespace X
        {
            internal sealed class HandshakeResult;
            internal sealed class AuthenticationResult;
            internal sealed class HandshakeMachine;
            internal sealed class HandshakeTransition;
            internal sealed class MessageSink;
            internal sealed class Transcript;
            internal sealed class Role;
            internal sealed class Func;
            internal sealed class Action;
            internal sealed class ArgumentException;
            internal sealed class InvalidOperationException;
            internal sealed class WireSerializer;
        }

        namespace X.SecureChannel
        {
            internal sealed class Role;
        }

        namespace X.System
        {
            internal sealed class Action;
            internal sealed class CodeDom;
        }
        """;

    [Fact]
    public void A_handshake_compiles_beside_user_types_and_namespaces_with_the_same_names()
    {
        var options = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.Diagnose);
        var compilation = CSharpCompilation.Create(
            "Collisions",
            [CSharpSyntaxTree.ParseText(UserTypes, options, "UserTypes.cs"), CSharpSyntaxTree.ParseText(Handshake, options, "Handshake.cs")],
            [.. Net100.References.All, MetadataReference.CreateFromFile(typeof(HandshakeAttribute).Assembly.Location)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

        CSharpGeneratorDriver.Create([new HandshakeGenerator().AsSourceGenerator(), new MessageGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _, TestContext.Current.CancellationToken);

        Assert.Equal([], generated.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && IsOfHandshake(diagnostic)).Select(diagnostic => diagnostic.ToString()));
        Assert.All(
            generated.SyntaxTrees.Where(tree => tree.FilePath.Contains(nameof(HandshakeGenerator), StringComparison.Ordinal)),
            tree => Assert.Contains("[global::System.CodeDom.Compiler.GeneratedCode(", tree.ToString(), StringComparison.Ordinal));
    }

    // The codecs of messages have a generator and tests of their own.
    private static bool IsOfHandshake(Diagnostic diagnostic) =>
        diagnostic.Location.SourceTree?.FilePath.Contains(nameof(MessageGenerator), StringComparison.Ordinal) != true;

    private const string Handshake = """
        namespace X
        {
            [global::SecureChannel.Handshake("sample/1")]
            internal enum Sample
            {
                [global::SecureChannel.Client<Offer>(Offered)]
                Start,

                [global::SecureChannel.Server<Retry>(Retrying)]
                [global::SecureChannel.Server<Decision>(Decided, Authenticates = global::SecureChannel.Role.Server)]
                Offered,

                [global::SecureChannel.Client<Offer>(Reoffered)]
                Retrying,

                [global::SecureChannel.Server<Decision>(Decided, Authenticates = global::SecureChannel.Role.Server)]
                Reoffered,

                [global::SecureChannel.Client<Offer>(Open)]
                Decided,

                [global::SecureChannel.Established]
                [global::SecureChannel.Client<Offer>(Open)]
                Open,
            }

            [global::SecureChannel.Message(1)]
            internal readonly partial record struct Offer(byte Value);

            [global::SecureChannel.Message(2)]
            internal readonly partial record struct Decision(byte Value);

            [global::SecureChannel.VariantOf<Decision>]
            internal readonly ref partial struct Retry
            {
                private static bool Matches(scoped in Decision message) => message.Value == 0;
            }

            internal sealed partial class SampleClient() : global::SecureChannel.Handshakes.HandshakeMachine<Sample>(global::SecureChannel.Cryptography.CryptographyProvider.Platform)
            {
                protected override string LabelPrefix => "sample ";

                public void Renew() => SendOffer();

                private partial global::SecureChannel.Handshakes.HandshakeResult WriteOffer(ref global::SecureChannel.Handshakes.MessageSink<Offer> sink)
                {
                    sink.Write(new Offer(1));
                    return global::SecureChannel.Handshakes.HandshakeResult.Continue;
                }

                private partial global::SecureChannel.Handshakes.HandshakeResult On(in Retry message, in global::SecureChannel.Cryptography.Transcript before) => default;

                private partial global::SecureChannel.Handshakes.AuthenticationResult On(in Decision message, in global::SecureChannel.Cryptography.Transcript before) => default;
            }

            internal sealed partial class SampleServer() : global::SecureChannel.Handshakes.HandshakeMachine<Sample>(global::SecureChannel.Cryptography.CryptographyProvider.Platform)
            {
                protected override string LabelPrefix => "sample ";

                private partial OfferedChoice ChooseOffered() => OfferedChoice.Decision;

                private partial global::SecureChannel.Handshakes.HandshakeResult On(in Offer message, in global::SecureChannel.Cryptography.Transcript before) => default;

                private partial global::SecureChannel.Handshakes.HandshakeResult WriteRetry(ref global::SecureChannel.Handshakes.MessageSink<Retry> sink) => default;

                private partial global::SecureChannel.Handshakes.HandshakeResult WriteDecision(ref global::SecureChannel.Handshakes.MessageSink<Decision> sink) => default;
            }
        }
        """;
}
