using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>The codec of a union. The generator implements this interface for a type with <see cref="UnionAttribute"/>.</summary>
/// <typeparam name="TSelf">The union.</typeparam>
/// <typeparam name="TTag">The type of its tag.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IUnion<TSelf, TTag> : IMessage<TSelf>
    where TSelf : class, IUnion<TSelf, TTag>
{
    /// <summary>Gets the tag that is written before a value.</summary>
    /// <param name="message">The value.</param>
    /// <returns>The tag.</returns>
    /// <exception cref="ArgumentException">The value is not a case of the union.</exception>
    static abstract TTag TagOf(TSelf message);
}
