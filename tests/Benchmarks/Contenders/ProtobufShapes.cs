using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SecureChannel.Benchmarks.Protobuf;
using SecureChannel.Benchmarks.Shapes;

namespace SecureChannel.Benchmarks.Contenders;

/// <summary>The shapes as the types that protoc generates.</summary>
public static class ProtobufShapes
{
    public static SmallMessage From(Small small)
    {
        ArgumentNullException.ThrowIfNull(small);
        return new SmallMessage
        {
            Number = small.Number,
            Account = small.Account,
            IsOpen = small.IsOpen,
            Id = ByteString.CopyFrom(small.Id.ToByteArray(bigEndian: true)),
            Name = small.Name,
        };
    }

    public static MediumMessage From(Medium medium)
    {
        ArgumentNullException.ThrowIfNull(medium);
        var message = new MediumMessage
        {
            Title = medium.Title,
            Content = ByteString.CopyFrom(medium.Content),
            Owner = From(medium.Owner),
            State = (State)medium.State,
            At = Timestamp.FromDateTimeOffset(medium.At),
        };
        message.Numbers.AddRange(medium.Numbers);
        if (medium.Discount is { } discount)
            message.Discount = discount;
        return message;
    }

    public static LargeMessage From(Large large)
    {
        ArgumentNullException.ThrowIfNull(large);
        var message = new LargeMessage();
        message.Orders.AddRange(large.Orders.Select(From));
        return message;
    }
}
