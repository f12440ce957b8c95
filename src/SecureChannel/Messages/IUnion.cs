using System.ComponentModel;
using SecureChannel.Messages;

namespace SecureChannel.CompilerServices;

/// <summary>What the generator implements for a type with <see cref="UnionAttribute"/>.</summary>
/// <typeparam name="TSelf">The union.</typeparam>
/// <typeparam name="TTag">The type of its tag.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IUnion<TSelf, TTag> : IMessage<TSelf>
    where TSelf : class, IUnion<TSelf, TTag>
{
    /// <summary>The tag that announces a value on the wire.</summary>
    /// <param name="message">The value.</param>
    /// <exception cref="ArgumentException">The value is no case of the union.</exception>
    static abstract TTag TagOf(TSelf message);
}
