using System.Diagnostics.CodeAnalysis;
using System.Net;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed class UriConverter : IConverter<Uri>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out Uri value)
    {
        value = null;
        if (!reader.TryReadString(1, 0xFFFF, out var text))
            return false;
        value = new Uri(text, UriKind.Absolute);
        return true;
    }

    public static void Write(scoped ref WireWriter writer, Uri value) => writer.WriteString(1, 0xFFFF, value.AbsoluteUri);
}

public sealed class AddressConverter : IConverter<IPAddress>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out IPAddress value)
    {
        value = null;
        if (!reader.TryReadBytes(4, 16, out var bytes))
            return false;
        if (bytes.Length is not (4 or 16))
            return reader.Fail(WireErrorReason.LengthOutOfBounds);
        value = new IPAddress(bytes);
        return true;
    }

    public static void Write(scoped ref WireWriter writer, IPAddress value) => writer.WriteBytes(4, 16, value.GetAddressBytes());
}

public sealed class NothingConverter : IConverter<DBNull>
{
    public static bool TryRead(scoped ref WireReader reader, [MaybeNullWhen(false)] out DBNull value)
    {
        value = DBNull.Value;
        return true;
    }

    public static void Write(scoped ref WireWriter writer, DBNull value)
    {
    }
}

[Converter<MoneyConverter>]
public readonly record struct Money(long Cents);

public sealed class MoneyConverter : IConverter<Money>
{
    public static bool TryRead(scoped ref WireReader reader, out Money value)
    {
        var isRead = reader.TryReadInt64(out var cents);
        value = new Money(cents);
        return isRead;
    }

    public static void Write(scoped ref WireWriter writer, Money value) => writer.WriteInt64(value.Cents);
}

[Message]
public sealed partial record Link(
    [property: Converter<UriConverter>] Uri Target, [Converter<AddressConverter>] List<(IPAddress Address, byte)> Hops, Money Price, Money? Tax);

[Message]
public sealed partial record Empties([property: Converter<NothingConverter>] DBNull One, [property: Converter<NothingConverter>] DBNull[] Many);

public sealed class ConverterTests
{
    [Fact]
    public void A_converter_reads_and_writes_a_type_of_another_library()
    {
        var link = new Link(new Uri("https://example.com/"), [(IPAddress.Loopback, 1), (IPAddress.IPv6Loopback, 2)], new Money(5), null);
        var bytes = WireSerializer.ToArray(link);
        Assert.True(WireSerializer.TryRead<Link>(bytes, out var read, out var error), error.ToString());
        Assert.Equal(link.Target, read.Target);
        Assert.Equal(link.Hops, read.Hops);
        Assert.Equal(link.Price, read.Price);
        Assert.Equal(bytes, WireSerializer.ToArray(read));
    }

    [Theory]
    [InlineData("https://EXAMPLE.com/", WireErrorReason.NotCanonical)]
    [InlineData("https://example.com", WireErrorReason.NotCanonical)]
    [InlineData("no address", WireErrorReason.Rejected)]
    public void Input_that_a_converter_would_write_differently_or_that_makes_it_throw_is_rejected(string text, WireErrorReason reason)
    {
        byte[] bytes = [0, (byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text), 0, 0, 0, 0, 0, 0, 0, 0, 5, 0];
        Assert.False(WireSerializer.TryRead<Link>(bytes, out _, out var error));
        Assert.Equal(("Target", reason), (error.Path, error.Reason));
    }

    [Fact]
    public void A_long_value_that_a_converter_would_write_differently_is_rejected()
    {
        var link = new Link(new Uri("https://example.com/" + new string('x', 1000)), [], new Money(5), new Money(6));
        var bytes = WireSerializer.ToArray(link);
        Assert.True(WireSerializer.TryRead<Link>(bytes, out _, out _));
        bytes[10] = (byte)'E';
        Assert.False(WireSerializer.TryRead<Link>(bytes, out _, out var error));
        Assert.Equal(("Target", WireErrorReason.NotCanonical), (error.Path, error.Reason));
    }

    [Fact]
    public void The_path_of_an_error_has_the_element_that_a_converter_rejected()
    {
        var bytes = WireSerializer.ToArray(new Link(new Uri("ab:c"), [(IPAddress.Loopback, 1), (IPAddress.Loopback, 2)], default, null));
        bytes[13] = 5;
        Assert.False(WireSerializer.TryRead<Link>(bytes, out _, out var error));
        Assert.Equal("Hops[1].Address", error.Path);
    }

    [Fact]
    public void A_converted_element_without_bytes_is_rejected()
    {
        Assert.Equal([0], WireSerializer.ToArray(new Empties(DBNull.Value, [])));
        Assert.Throws<ArgumentException>(() => WireSerializer.ToArray(new Empties(DBNull.Value, [DBNull.Value])));
        Assert.False(WireSerializer.TryRead<Empties>([1, 0], out _, out var error));
        Assert.Equal(("Many[0]", WireErrorReason.EmptyElement), (error.Path, error.Reason));
    }
}
