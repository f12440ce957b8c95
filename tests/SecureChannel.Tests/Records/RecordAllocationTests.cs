using System.Buffers;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;
using SecureChannel.Testing;
using static SecureChannel.Tests.Records.RecordTesting;

namespace SecureChannel.Tests.Records;

public sealed class RecordAllocationTests
{
    [Theory]
    [InlineData(CipherSuite.Aes128GcmSha256)]
    [InlineData(CipherSuite.Aes256GcmSha384)]
    [InlineData(CipherSuite.ChaCha20Poly1305Sha256)]
    public void A_thousand_records_are_written_and_read_without_allocation(CipherSuite suite)
    {
        using var writer = ProtectedWriter(suite);
        using var reader = ProtectedReader(suite);
        var (output, buffer, content) = (new ArrayBufferWriter<byte>(2048), new byte[2048], new byte[1000]);
        Assert.Equal(0, Allocation.Of(() => Run(1000)));

        void Run(int times)
        {
            for (var n = 0; n < times; n++)
            {
                output.ResetWrittenCount();
                writer.Write(Own.ApplicationData, content, output);
                var record = buffer.AsSpan(0, output.WrittenCount);
                output.WrittenSpan.CopyTo(record);
                if (reader.TryRead(record, out _) is not RecordStatus.Record)
                    throw new InvalidOperationException(reader.Error?.ToString());
            }
        }
    }
}
