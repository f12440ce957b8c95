using SecureChannel.Analyzers.Usage;

namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>The code around the cases of SCH3001, including a session type with annotated members.</summary>
internal static class SessionCases
{
    private const string Session = """
        public class Session : IAsyncDisposable, IDisposable
        {
            [return: InState(SessionState.Created)] public static Session Create() => new();
            [return: InState(SessionState.Established)] public static Task<Session> ConnectAsync() => Task.FromResult(new Session());
            [EnsuresState(SessionState.Established)] public virtual Task HandshakeAsync() => Task.CompletedTask;
            [EnsuresState(SessionState.Established)] public ValueTask HandshakeQuicklyAsync() => default;
            [EnsuresState(SessionState.Established)] public void Handshake() { }
            [RequiresState(SessionState.Established)] public virtual ValueTask SendAsync(int message = 0) => default;
            [RequiresState(SessionState.Established)] public void Send() { }
            [RequiresState(SessionState.Established)] public string Peer => "";
            public bool IsOpen => true;
            public Task CloseAsync() => Task.CompletedTask;
            public ValueTask DisposeAsync() => default;
            public void Dispose() { }
        }

        public sealed class SpecialSession : Session
        {
            public override Task HandshakeAsync() => Task.CompletedTask;
            public override ValueTask SendAsync(int message = 0) => default;
        }

        public interface IChannel
        {
            [RequiresState(SessionState.Established)] void Push();
            [EnsuresState(SessionState.Established)] void Open();
        }

        public sealed class Channel : IChannel
        {
            [EnsuresState(SessionState.Created)] public Channel() { }
            public void Push() { }
            public void Open() { }
        }

        public static class Helpers
        {
            public static Task OpenAsync([EnsuresState(SessionState.Established)] Session session) => Task.CompletedTask;
            public static void Serve([InState(SessionState.Established)] Session session) { }
            public static Task UnknownAsync(Session session) => Task.CompletedTask;
            [return: InState(SessionState.Established)] public static ValueTask<Session> DialAsync() => default;
            public static void Swap(ref Session session) { }
            public static void Make(out Session session) => session = new();
        }

        """;

    public static Task CheckAsync(string statements) => RuleTest.CheckAsync<SCH3001UsedBeforeEstablished>(UsageDiagnostics.UsedBeforeEstablished.Id, Session + $$"""
        public class Case
        {
            private Session _field = new();

            public async Task RunAsync(Session unknown, [InState(SessionState.Established)] Session given, [InState(SessionState.Created)] Session fresh, bool flag, int number)
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """);
}
