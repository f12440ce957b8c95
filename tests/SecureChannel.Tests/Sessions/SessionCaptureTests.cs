using System.Text;
using SecureChannel.Testing;

namespace SecureChannel.Tests.Sessions;

/// <summary>The view of an attacker on the wire, and the detection of changes.</summary>
public sealed class SessionCaptureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_capture_contains_no_plaintext(string security)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var secrets = Enumerable.Range(0, 20).Select(i => $"recognisable secret number {i:000} of this session").ToList();
        foreach (var secret in secrets)
        {
            await pair.Client.SendAsync(new Note(secret), Cancellation);
            await pair.Server.SendAsync(new Note(secret + " answered"), Cancellation);
            Assert.Equal(secret, (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
            Assert.Equal(secret + " answered", (await SecureSessionTests.ReceiveAsync<Note>(pair.Client)).Text);
        }
        await pair.Client.CloseAsync(Cancellation);
        await pair.Server.CloseAsync(Cancellation);

        foreach (var capture in (byte[][])[pair.Connection!.ClientToServer.Recorded, pair.Connection.ServerToClient.Recorded])
        {
            Assert.True(capture.Length > 1000);
            foreach (var secret in secrets.Append("recognisable").Append("secret n").Append(" answered"))
            {
                var bytes = Encoding.UTF8.GetBytes(secret);
                for (var at = 0; at + 8 <= bytes.Length; at++)
                    Assert.Equal(-1, capture.AsSpan().IndexOf(bytes.AsSpan(at, 8)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Combinations.Securities), MemberType = typeof(Combinations))]
    public async Task A_flipped_bit_in_any_byte_of_a_record_is_detected(string security)
    {
        var length = await TamperAsync(security, at: null);
        Assert.InRange(length, 30, 100);
        foreach (var bit in (int[])[0, 3, 7])
        {
            for (var at = 0; at < length; at++)
                await TamperAsync(security, at, bit);
        }
    }

    // Sends one message with one flipped bit. The message must not be delivered.
    private static async Task<int> TamperAsync(string security, int? at, int bit = 0)
    {
        await using var pair = await SessionPair.EstablishAsync(security);
        var length = 0;
        pair.Connection!.ClientToServer.Change = bytes =>
        {
            length = bytes.Length;
            if (at is { } position)
                bytes[position] ^= (byte)(1 << bit);
            return bytes;
        };
        await pair.Client.SendAsync(new Note("ten bytes."), Cancellation);
        await pair.Client.FlushAsync(Cancellation);
        pair.Connection.ClientToServer.Change = null;
        pair.Connection.ClientToServer.Cut();
        if (at is null)
        {
            Assert.Equal("ten bytes.", (await SecureSessionTests.ReceiveAsync<Note>(pair.Server)).Text);
            return length;
        }

        var failure = await Assert.ThrowsAsync<SessionException>(
            () => pair.Server.ReceiveAsync(Cancellation).AsTask().WaitAsync(SessionPair.Patience, Cancellation));
        // A greater length in the header looks like truncation; every other change is detected as a forgery.
        Assert.Contains(failure.Error.Kind, (SessionErrorKind[])[SessionErrorKind.ProtocolViolation, SessionErrorKind.MalformedMessage, SessionErrorKind.Truncated, SessionErrorKind.AlertReceived]);
        Assert.Equal(SessionEndReason.Failed, pair.Server.End!.Reason);
        return length;
    }
}
