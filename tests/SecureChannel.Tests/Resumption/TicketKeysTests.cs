using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel.Tests.Resumption;

public sealed class TicketKeysTests
{
    private const int Overhead = 8 + 32 + 16;

    private static readonly byte[] Content = [.. Enumerable.Range(0, 200).Select(value => (byte)value)];

    [Fact]
    public void A_ticket_is_opened_by_every_protector_with_the_key()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32), other = RandomNumberGenerator.GetBytes(32);
        var ticket = Protect(new TicketKeys(key, other));
        Assert.Equal(Content.Length + Overhead, ticket.Length);
        Assert.Equal(Content, Unprotect(new TicketKeys(key), ticket));
        Assert.Equal(Content, Unprotect(new TicketKeys(other, key), ticket));
        Assert.Null(Unprotect(new TicketKeys(other), ticket));
    }

    [Fact]
    public void Tickets_with_equal_content_have_nothing_in_common_but_the_name_of_their_key()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        byte[] first = Protect(keys), second = Protect(keys);
        Assert.Equal(first[..8], second[..8]);
        Assert.NotEqual(first[8..40], second[8..40]);
        Assert.DoesNotContain(Convert.ToHexString(Content[..16]), Convert.ToHexString(first), StringComparison.Ordinal);
        Assert.True(first.Skip(40).Zip(second.Skip(40)).Count(pair => pair.First == pair.Second) < 20);
    }

    [Fact]
    public void A_ticket_with_any_changed_bit_or_length_is_not_opened_and_leaves_no_output()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        var ticket = Protect(keys);
        for (var bit = 0; bit < 8 * ticket.Length; bit++)
        {
            var changed = ticket.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(Unprotect(keys, changed));
        }

        for (var length = 0; length < ticket.Length; length++)
            Assert.Null(Unprotect(keys, ticket[..length]));
        Assert.Null(Unprotect(keys, [.. ticket, 0]));
    }

    [Fact]
    public void An_empty_ticket_is_protected_and_opened()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        var output = new ArrayBufferWriter<byte>();
        keys.Protect([], output);
        Assert.Equal([], Unprotect(keys, output.WrittenSpan.ToArray())!);
    }

    [Fact]
    public void After_a_rotation_the_new_key_protects_and_24_earlier_keys_still_open()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        var tickets = new List<byte[]> { Protect(keys) };
        for (var count = 1; count <= 25; count++)
        {
            keys.Rotate(RandomNumberGenerator.GetBytes(32));
            tickets.Add(Protect(keys));
            Assert.NotEqual(tickets[^1][..8], tickets[^2][..8]);
            Assert.All(tickets.TakeLast(25), ticket => Assert.Equal(Content, Unprotect(keys, ticket)));
        }

        Assert.Null(Unprotect(keys, tickets[0]));
        Assert.Equal(Content, Unprotect(keys, tickets[1]));
    }

    [Fact]
    public void A_key_that_is_present_already_becomes_the_first_one()
    {
        byte[] first = RandomNumberGenerator.GetBytes(32), second = RandomNumberGenerator.GetBytes(32);
        var keys = new TicketKeys(first, second);
        var before = Protect(keys);
        keys.Rotate(second);
        Assert.Equal(Protect(new TicketKeys(second))[..8], Protect(keys)[..8]);
        Assert.Equal(Content, Unprotect(keys, before));
    }

    [Fact]
    public void Keys_of_a_wrong_number_or_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new TicketKeys());
        Assert.Throws<ArgumentException>(() => new TicketKeys(new byte[31]));
        Assert.Throws<ArgumentException>(() => new TicketKeys(new byte[33]));
        Assert.Throws<ArgumentException>(() => new TicketKeys(Enumerable.Range(0, 26).Select(_ => (ReadOnlyMemory<byte>)RandomNumberGenerator.GetBytes(32))));
        Assert.Throws<ArgumentException>(() => new TicketKeys(new byte[32]).Rotate(new byte[16]));
    }

    [Fact]
    public void A_protector_is_thread_safe_while_keys_rotate()
    {
        var keys = new TicketKeys(RandomNumberGenerator.GetBytes(32));
        Parallel.For(0, 400, index =>
        {
            if (index % 10 == 0)
                keys.Rotate(RandomNumberGenerator.GetBytes(32));
            else
                Unprotect(keys, Protect(keys));
        });
    }

    [Fact]
    public void The_protector_none_opens_no_ticket_and_protects_none()
    {
        Assert.Null(Unprotect(TicketProtector.None, new byte[100]));
        Assert.Throws<NotSupportedException>(() => TicketProtector.None.Protect(Content, new ArrayBufferWriter<byte>()));
    }

    internal static byte[] Protect(TicketProtector protector)
    {
        var output = new ArrayBufferWriter<byte>();
        protector.Protect(Content, output);
        return output.WrittenSpan.ToArray();
    }

    internal static byte[]? Unprotect(TicketProtector protector, byte[] ticket)
    {
        var output = new ArrayBufferWriter<byte>();
        if (protector.TryUnprotect(ticket, output))
            return output.WrittenSpan.ToArray();
        Assert.Equal(0, output.WrittenCount);
        return null;
    }
}
