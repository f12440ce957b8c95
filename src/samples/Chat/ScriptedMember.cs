using System.Threading.Channels;

namespace Samples.Chatting;

/// <summary>A member of the demo, whose lines are written by the program instead of a person.</summary>
internal sealed class ScriptedMember(string name)
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _received = Channel.CreateUnbounded<string>();

    public string Name { get; } = name;

    public IAsyncEnumerable<string> Lines => _lines.Reader.ReadAllAsync();

    public ValueTask SayAsync(string line) => _lines.Writer.WriteAsync(line);

    public void Leave() => _lines.Writer.Complete();

    public void OnReceived(Said said)
    {
        Console.WriteLine($"[{Name}] {said.Name}: {said.Text}");
        _received.Writer.TryWrite($"{said.Name}: {said.Text}");
    }

    /// <summary>Waits until the member has received a line.</summary>
    public async Task WaitForAsync(string line)
    {
        while (await _received.Reader.ReadAsync() != line)
        {
            // An earlier line.
        }
    }
}
