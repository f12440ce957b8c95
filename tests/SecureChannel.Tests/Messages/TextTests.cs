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
    public void Text_of_every_length_with_any_character_anywhere_is_what_the_platform_encodes(string character)
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
                    Assert.Equal([(byte)expected.Length, .. expected], bytes[..writer.Position]);
                    // Nothing is written beyond the text.
                    Assert.All(bytes[writer.Position..], value => Assert.Equal(0, value));
                }
            }
        }
    }

    [Fact]
    public void Text_without_room_or_with_half_of_a_pair_is_refused()
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
