using System.Threading.Channels;

namespace Samples.Chatting;

/// <summary>A member of the tour, who speaks by a script.</summary>
internal sealed class Voice(string name)
{
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

    public string Name { get; } = name;

    public IAsyncEnumerable<string> Lines => _lines.Reader.ReadAllAsync();

    public ValueTask SayAsync(string line) => _lines.Writer.WriteAsync(line);

    public void Leave() => _lines.Writer.Complete();

    public void Hear(Said said)
    {
        Console.WriteLine($"{Name} hears {said.Name}: {said.Text}");
        _heard.Writer.TryWrite($"{said.Name}: {said.Text}");
    }

    /// <summary>Waits until it has heard something.</summary>
    public async Task HasHeardAsync(string what)
    {
        while (await _heard.Reader.ReadAsync() != what)
        {
        }
    }
}
