using System.Reflection;
using Microsoft.CodeAnalysis;
using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>
/// The allocations of a chain of operations with one await. The generated methods are part of the user's assembly, so its build configuration matters: without
/// optimization, the compiler allocates an object for each async state machine.
/// </summary>
public sealed class ChainAllocationTests
{
    private const string Source = """
        using SecureChannel;
        using SecureChannel.Testing;
        namespace Example;
        [Message(1)] public readonly partial record struct Ask(int Number);
        [Message(2)] public readonly partial record struct Told(int Number);
        [Message(3)] public readonly partial record struct Refused(int Number);
        [Protocol("chain/1")] public enum Chain
        {
            [Client<Ask>(Asked)] [Client<Told>(Choosing)] Ready,
            [Server<Told>(Ready)] Asked,
            [Server<Told>(Ready)] [Server<Refused>(Ready)] Choosing,
        }
        public sealed class Rounds(ScriptedChannel channel)
        {
            private ChainClient.Ready _ready = ChainClient.Begin(channel);
            public void OneReply() => (_, _ready) = channel.Answer(_ready.SendAsync(new Ask(1)).ReceiveAsync(), new Told(2));
            public void SeveralReplies() => _ready = ((ChainClient.Choosing.Refused)channel.Answer(_ready.SendAsync(new Told(1)).ReceiveAsync(), new Refused(2))).Next;
            public void Reply() => System.GC.KeepAlive(new ChainClient.Choosing.Refused(default, default));
        }
        """;

    [Fact]
    public void A_chain_with_one_possible_reply_allocates_nothing_in_an_optimized_build() => Assert.Equal(0, Measure(OptimizationLevel.Release, "OneReply"));

    [Fact]
    public void A_chain_with_several_possible_replies_allocates_only_the_reply_in_an_optimized_build() =>
        Assert.Equal(Measure(OptimizationLevel.Release, "Reply"), Measure(OptimizationLevel.Release, "SeveralReplies"));

    [Fact]
    public void A_chain_in_a_debug_build_allocates_only_the_async_state_machine() => Assert.InRange(Measure(OptimizationLevel.Debug, "OneReply"), 1, 300);

    private static long Measure(OptimizationLevel level, string round)
    {
        var compilation = Compiled.CreateCompilation(Source);
        Compiled.CreateDriver().RunGeneratorsAndUpdateCompilation(
            compilation.WithOptions(compilation.Options.WithOptimizationLevel(level)).AddReferences(MetadataReference.CreateFromFile(typeof(ScriptedChannel).Assembly.Location)),
            out var generated, out _, TestContext.Current.CancellationToken);
        using var image = new MemoryStream();
        var emitted = generated.Emit(image, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        var type = Assembly.Load(image.ToArray()).GetType("Example.Rounds")!;
        return Allocation.Of(type.GetMethod(round)!.CreateDelegate<Action>(Activator.CreateInstance(type, new ScriptedChannel())));
    }
}
