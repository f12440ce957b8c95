using SecureChannel;

namespace Samples.Calls;

/// <summary>Numbers that a method takes.</summary>
[Message(101)]
public readonly partial record struct Numbers(long First, long Second);

/// <summary>A number that a method returns.</summary>
[Message(102)]
public readonly partial record struct Number(long Value);

/// <summary>What the sample's server can do.</summary>
internal static class Methods
{
    public static CallMethods All { get; } = new CallMethods()
        .Add<Numbers, Number>("add", (numbers, _) => Task.FromResult(new Number(numbers.First + numbers.Second)))
        .Add<Numbers, Number>("divide", (numbers, _) => numbers.Second == 0 ? throw new CallException("nothing can be divided by 0") : Task.FromResult(new Number(numbers.First / numbers.Second)))
        .Add<Number, Number>("wait", async (milliseconds, cancellationToken) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds.Value), cancellationToken);
            return milliseconds;
        });
}
