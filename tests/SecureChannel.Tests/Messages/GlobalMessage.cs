// CA1050: that a message may stand outside of any namespace is what is tested.
#pragma warning disable CA1050
using SecureChannel;

[Message(9)]
public readonly partial record struct GlobalMessage(long Number);
