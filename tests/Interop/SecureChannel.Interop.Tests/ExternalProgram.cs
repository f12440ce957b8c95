using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace SecureChannel.Interop.Tests;

/// <summary>A program that runs beside the tests: what it says can be waited for, and it can be told things.</summary>
internal sealed class ExternalProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExternalProgram(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>All that it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    public static ExternalProgram Start(string program, string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ExternalProgram(Process.Start(start)!);
    }

    /// <summary>Tells it something.</summary>
    public async Task SayAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Tells it that nothing more comes.</summary>
    public void EndInput() => _process.StandardInput.Close();

    /// <summary>Waits until it has said something that matches.</summary>
    public async Task<Match> HearAsync(string pattern)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Regex.Match(_output.ToString(), pattern, RegexOptions.Multiline) is { Success: true } match)
                    return match;
                changed = _changed.Task;
            }

            Assert.False(_reading.IsCompleted, $"{_process.StartInfo.FileName} ended without saying \"{pattern}\":\n{Output}");
            await Task.WhenAny(changed, _reading).WaitAsync(deadline.Token);
        }
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>What it exited with.</returns>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} did not end:\n{Output}");
        }

        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            lock (_gate)
            {
                _output.Append(buffer, 0, count);
                _changed.SetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
