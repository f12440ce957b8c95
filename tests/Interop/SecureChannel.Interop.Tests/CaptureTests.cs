using System.Text;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Sodium;
using SecureChannel.Testing;

namespace SecureChannel.Interop.Tests;

/// <summary>Wireshark decrypts a session between two engines of this library with the key log of one of them.</summary>
public sealed class CaptureTests(InteropFolder folder)
{
    [Fact]
    public async Task Wireshark_recognizes_every_message_and_decrypts_the_data_with_the_key_log()
    {
        var tshark = Programs.Require("tshark");
        var (capture, log) = Record();
        var read = await Command.RunAsync(tshark, folder.Path, null, ["-r", capture, "-o", $"tls.keylog_file:{log}", "-d", "tcp.port==4433,tls", "-V"]);
        string[] messages =
        [
            "Handshake Protocol: Client Hello", "Handshake Protocol: Hello Retry Request", "Handshake Protocol: Server Hello", "Handshake Protocol: Encrypted Extensions",
            "Handshake Protocol: Certificate", "Handshake Protocol: Certificate Verify", "Handshake Protocol: Finished", "Handshake Protocol: Key Update",
            "Change Cipher Spec Message", "Description: Close Notify",
        ];
        Assert.All(messages, message => Assert.Contains(message, read.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("Encrypted Handshake Message", read.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Malformed", read.Output, StringComparison.Ordinal);

        var followed = await Command.RunAsync(tshark, folder.Path, null,
            ["-r", capture, "-o", $"tls.keylog_file:{log}", "-d", "tcp.port==4433,tls", "-q", "-z", "follow,tls,ascii,0"]);
        Assert.Contains("hello with the first keys", followed.Output, StringComparison.Ordinal);
        Assert.Contains("and with updated keys", followed.Output, StringComparison.Ordinal);
        Assert.Contains("an answer", followed.Output, StringComparison.Ordinal);
    }

    private (string Capture, string KeyLog) Record()
    {
        Programs.Require("openssl");
        var lines = new List<string>();
        var capture = new Pcap();
        using var identity = CertificateIdentity.FromPemFile(folder.CertificateOf("p256"), folder.KeyOf("p256"));
        using var pair = new EnginePair(
            SessionSecurity.Tls13.Handshake!,
            new ClientHandshakeParameters { ServerName = InteropFolder.ServerName, Trust = folder.Trust, Cryptography = SodiumProvider.Instance, KeyLog = lines.Add },
            new ServerHandshakeParameters { Identity = identity, Cryptography = SodiumProvider.Instance, Groups = [NamedGroup.Secp384r1] });
        pair.Alter = (from, bytes) =>
        {
            capture.Add(from, bytes);
            return bytes;
        };
        pair.Start().Run();
        Assert.True(pair.IsEstablished, $"{pair.Client.Error} {pair.Server.Error}");
        pair.Write(Role.Client, Encoding.ASCII.GetBytes("hello with the first keys"));
        pair.Run();

        // The limit allows two more records, so the next write updates the keys first.
        HandshakeWire.WriteKeysOf(pair.Client).RecordLimit = 3;
        pair.Write(Role.Client, Encoding.ASCII.GetBytes("and with updated keys"));
        pair.Write(Role.Server, Encoding.ASCII.GetBytes("an answer"));
        pair.Run();
        pair.Client.Engine.Close(pair.Now, pair.Client.Output);
        pair.Run();
        Assert.True(pair.Server.Engine.IsReadClosed);
        pair.Server.Engine.Close(pair.Now, pair.Server.Output);
        pair.Run();
        Assert.Equal(new SessionEnd(SessionEndReason.ClosedByPeer), pair.Server.Engine.End);

        var (file, log) = (Path.Combine(folder.Path, "session.pcap"), Path.Combine(folder.Path, "session.keylog"));
        capture.Save(file);
        File.WriteAllLines(log, lines);
        return (file, log);
    }
}
