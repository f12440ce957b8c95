using System.Text;
using SecureChannel.Messages;

namespace SecureChannel.Tests.Messages;

public sealed class TextTests
{
    [Theory]
    [InlineData("\u007F")]
    [InlineData("\u0080")]
    [InlineData("\u00E9")]
    [InlineData("\u0100")]
    [InlineData("\uFF21")]
    [InlineData("\U0001F600")]
    public void A_string_has_the_same_encoding_as_in_NET_for_every_length_and_position_of_a_character(string character)
    {
        for (var length = 0; length < 40; length++)
        {
            for (var position = 0; position <= length; position++)
            {
                var text = new string('a', position) + character + new string('z', length - position);
                var expected = Encoding.UTF8.GetBytes(text);
                foreach (var room in new[] { expected.Length + 1, expected.Length + 100 })
                {
                    var bytes = new byte[room];
                    var writer = new WireWriter(bytes);
                    writer.WriteString(0, 255, text);
                    Assert.Equal([(byte)expected.Length, .. expected], bytes[..writer.BytesWritten]);
                    // Nothing is written after the string.
                    Assert.All(bytes[writer.BytesWritten..], value => Assert.Equal(0, value));
                }
            }
        }
    }

    [Fact]
    public void A_string_that_is_too_long_or_has_an_unpaired_surrogate_is_not_written()
    {
        for (var length = 1; length < 40; length++)
        {
            var text = new string('a', length);
            Assert.Throws<ArgumentException>(() => new WireWriter(new byte[text.Length]).WriteString(0, 255, text));
            Assert.Throws<ArgumentException>(() => new WireWriter(new byte[200]).WriteString(0, length, text + "b"));
            Assert.ThrowsAny<ArgumentException>(() => new WireWriter(new byte[200]).WriteString(0, 255, text[1..] + '\uD800'));
            Assert.ThrowsAny<ArgumentException>(() => new WireWriter(new byte[200]).WriteString('\uDC00' + text[1..]));
        }
    }
}
