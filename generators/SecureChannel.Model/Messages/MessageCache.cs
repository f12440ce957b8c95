using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Messages;

/// <summary>
/// Caches the models of messages by their syntax. After an edit every symbol is new, and reading 500 types again costs more than everything else that the
/// generator does. A model that was read from the same syntax and the same <see cref="DeclaredSources"/> is therefore reused. Safe for concurrent use.
/// </summary>
public static class MessageCache
{
    private static readonly ConditionalWeakTable<SyntaxNode, Entry> Entries = new();

    /// <summary>Reads a message or union as <see cref="MessageReader.Read"/> does, or returns the cached result.</summary>
    /// <param name="syntax">A declaration of the type.</param>
    /// <param name="type">The type.</param>
    /// <param name="compilation">The compilation that declares it.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    public static MessageReading Read(SyntaxNode syntax, INamedTypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        var declarations = DeclaredSources.Of(compilation);
        if (Entries.TryGetValue(syntax, out var entry) && entry.Declarations.Equals(declarations))
            return entry.Reading;

        var reading = MessageReader.Read(type, cancellationToken);
        Entries.Remove(syntax);
        // Another thread may have added the same entry.
        Entries.GetValue(syntax, _ => new Entry(declarations, reading));
        return reading;
    }

    private sealed class Entry(DeclaredSources declarations, MessageReading reading)
    {
        public DeclaredSources Declarations { get; } = declarations;

        public MessageReading Reading { get; } = reading;
    }
}
