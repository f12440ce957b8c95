using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace SecureChannel.Testing;

/// <summary>A program that runs during a test. The test can write to its standard input and wait for its output.</summary>
public sealed class ExternalProgram : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Lock _gate = new();
    private readonly StringBuilder _output = new();
    private readonly Task _reading;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ExternalProgram(Process process)
    {
        _process = process;
        // A test that exceeds its time limit is abandoned and does not dispose its programs.
        AppDomain.CurrentDomain.ProcessExit += Kill;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>Gets the output of the program so far, standard output and standard error.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
                return _output.ToString();
        }
    }

    /// <summary>Starts a program.</summary>
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

    /// <summary>Writes to the standard input.</summary>
    public async Task WriteInputAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Closes the standard input.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Waits until the output matches a regular expression, at most 60 seconds.</summary>
    public async Task<Match> WaitForOutputAsync(string pattern)
    {
        using var deadline = new CancellationTokenSource(Timeout);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (Regex.Match(_output.ToString(), pattern, RegexOptions.Multiline) is { Success: true } match)
                    return match;
                changed = _changed.Task;
            }

            Assert.False(_reading.IsCompleted, $"{_process.StartInfo.FileName} ended before its output matched \"{pattern}\":\n{Output}");
            await Task.WhenAny(changed, _reading).WaitAsync(deadline.Token);
        }
    }

    /// <summary>Waits until the program ends, at most 60 seconds.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WaitForExitAsync()
    {
        using var deadline = new CancellationTokenSource(Timeout);
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
        AppDomain.CurrentDomain.ProcessExit -= Kill;
        Kill(null, EventArgs.Empty);
        // Time limits of tests do not include fixtures, which also use programs.
        await Task.WhenAll(_process.WaitForExitAsync(), _reading).WaitAsync(Timeout);
        _process.Dispose();
    }

    private void Kill(object? sender, EventArgs e)
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
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
