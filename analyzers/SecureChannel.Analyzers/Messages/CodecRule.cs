using Microsoft.CodeAnalysis;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>A rule that tells why no codec can be made for a message: what the model found, in words.</summary>
public abstract class CodecRule : MessageRule
{
    /// <summary>What a problem is in words, and what to do; null if it is another rule's.</summary>
    protected abstract string? Explain(MessageProblem problem);

    /// <inheritdoc/>
    protected sealed override IEnumerable<(MessageProblem Problem, string Text)> Check(INamedTypeSymbol message, MessageReading reading)
    {
        foreach (var problem in reading.Problems)
        {
            if (Explain(problem) is { } text)
                yield return (problem, text);
        }
    }
}
