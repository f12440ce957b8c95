using SecureChannel.Messages;

namespace SecureChannel;

/// <summary>The client's first message inside a session over SslStream, which has no room for it in its handshake.</summary>
/// <param name="Milliseconds">After how long without traffic the session is to end, at least 1; null: the client proposes none.</param>
internal readonly partial record struct IdleTimeoutProposal(uint? Milliseconds) : ICodedMessage<IdleTimeoutProposal>
{
    public static int Code => 1;

    public static bool TryRead(scoped ref WireReader reader, out IdleTimeoutProposal message)
    {
        message = default;
        if (!reader.TryReadBoolean(out var present))
            return reader.Fail("Milliseconds");
        var value = 0u;
        if (present && !reader.TryReadUInt32(out value))
            return reader.Fail("Milliseconds");
        message = new(present ? value : null);
        return true;
    }

    public static int GetSize(scoped in IdleTimeoutProposal message) => message.Milliseconds is null ? 1 : 5;

    public static void Write(scoped ref WireWriter writer, scoped in IdleTimeoutProposal message)
    {
        writer.WriteBoolean(message.Milliseconds.HasValue);
        if (message.Milliseconds is { } value)
            writer.WriteUInt32(value);
    }
}

/// <summary>The server's answer, before any other message.</summary>
/// <param name="Milliseconds">What is agreed: at least 1, at most the proposal; null exactly if none was proposed.</param>
internal readonly partial record struct IdleTimeoutAnswer(uint? Milliseconds) : ICodedMessage<IdleTimeoutAnswer>
{
    public static int Code => 2;

    public static bool TryRead(scoped ref WireReader reader, out IdleTimeoutAnswer message)
    {
        var read = IdleTimeoutProposal.TryRead(ref reader, out var same);
        message = new(same.Milliseconds);
        return read;
    }

    public static int GetSize(scoped in IdleTimeoutAnswer message) => IdleTimeoutProposal.GetSize(new(message.Milliseconds));

    public static void Write(scoped ref WireWriter writer, scoped in IdleTimeoutAnswer message) => IdleTimeoutProposal.Write(ref writer, new(message.Milliseconds));
}
