namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>The source that every random compilation contains beside its declarations: converters, a generic message and an open enum.</summary>
internal static class Tools
{
    public const string Source = """
        #nullable enable
        using SecureChannel;
        using SecureChannel.Messages;
        namespace Tools;

        public enum Open : ushort { One = 1, Two = 2 }

        [Converter<CentsConverter>]
        public readonly record struct Cents(long Value);

        public sealed class CentsConverter : IConverter<Cents>
        {
            public static bool TryRead(scoped ref WireReader reader, out Cents value)
            {
                var isRead = reader.TryReadInt64(out var cents);
                value = new Cents(cents);
                return isRead;
            }

            public static void Write(scoped ref WireWriter writer, Cents value) => writer.WriteInt64(value.Value);
        }

        public sealed class UriConverter : IConverter<System.Uri>
        {
            public static bool TryRead(scoped ref WireReader reader, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out System.Uri value)
            {
                value = null;
                if (!reader.TryReadString(1, 255, out var text))
                    return false;
                value = new System.Uri(text);
                return true;
            }

            public static void Write(scoped ref WireWriter writer, System.Uri value) => writer.WriteString(1, 255, value.AbsoluteUri);
        }

        [Message]
        public sealed partial record Page<T>(System.Collections.Generic.List<T> Items, T? Extra, byte Number)
            where T : class, IMessage<T>;

        [Message]
        public sealed partial record Sheet<T>(T[] Items, T First);
        """;
}
