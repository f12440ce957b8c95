// CA1050: the tests need a message outside of any namespace.
#pragma warning disable CA1050
using SecureChannel;

[Message(9)]
public readonly partial record struct GlobalMessage(long Number);
