using System.IO.Pipelines;

namespace SecureChannel.Simulation;

/// <summary>The two endpoints of a connection in memory.</summary>
internal sealed class FootprintPipe
{
    private static readonly PipeOptions Options = new(useSynchronizationContext: false);

    public FootprintPipe()
    {
        var (toServer, toClient) = (new Pipe(Options), new Pipe(Options));
        Client = new Endpoint(toClient.Reader, toServer.Writer);
        Server = new Endpoint(toServer.Reader, toClient.Writer);
    }

    public IDuplexPipe Client { get; }

    public IDuplexPipe Server { get; }

    private sealed class Endpoint(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
