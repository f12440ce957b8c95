using SecureChannel;

namespace Samples.Calls;

/// <summary>The arguments of a method with two numbers.</summary>
[Message(101)]
public readonly partial record struct Numbers(long First, long Second);

/// <summary>A single number, as an argument or a result.</summary>
[Message(102)]
public readonly partial record struct Number(long Value);

/// <summary>The methods of the sample's server.</summary>
internal static class Methods
{
    public static CallMethods All { get; } = new CallMethods()
        .Add<Numbers, Number>("add", (numbers, _) => Task.FromResult(new Number(numbers.First + numbers.Second)))
        .Add<Numbers, Number>("divide", (numbers, _) =>
            numbers.Second != 0 ? Task.FromResult(new Number(numbers.First / numbers.Second)) : throw new CallException("division by zero"))
        .Add<Number, Number>("wait", async (milliseconds, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds.Value), cancellationToken);
            return milliseconds;
        });
}
