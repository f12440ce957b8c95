using System.Diagnostics.Tracing;
using System.Reflection;

namespace SecureChannel.Simulation;

/// <summary>Observes the runtime: callbacks on cancellation tokens, rented arrays, and exceptions of tasks that nobody awaited.</summary>
internal sealed class Probes : EventListener
{
    private static readonly FieldInfo Registrations = Field(typeof(CancellationTokenSource), "_registrations");
    private static readonly FieldInfo Callbacks = Field(Registrations.FieldType, "Callbacks");
    private static readonly FieldInfo Next = Field(Callbacks.FieldType, "Next");

    private readonly Dictionary<int, int> _rented = [];
    private readonly List<string> _unobserved = [];

    public Probes() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    /// <summary>Gets the sizes of the arrays that are not yet returned.</summary>
    public IReadOnlyCollection<int> RentedSizes => _rented.Values;

    /// <summary>Counts the callbacks that are registered on a source's token.</summary>
    public static int CountRegistrations(CancellationTokenSource source)
    {
        var count = 0;
        for (var node = Registrations.GetValue(source) is { } list ? Callbacks.GetValue(list) : null; node is not null; node = Next.GetValue(node))
            count++;
        return count;
    }

    /// <summary>Forgets the arrays that are rented now.</summary>
    public void ForgetRented() => _rented.Clear();

    /// <summary>Collects garbage, and returns the exceptions that nobody observed.</summary>
    public string[] TakeUnobserved()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        lock (_unobserved)
        {
            string[] taken = [.. _unobserved];
            _unobserved.Clear();
            return taken;
        }
    }

    public override void Dispose()
    {
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
        base.Dispose();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            EnableEvents(eventSource, EventLevel.Verbose);
    }

    // BufferRented (1) and BufferReturned (3) have the hash code of the array, its length, and the pool's identity.
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (_rented is null || eventData.Payload is not [int buffer, int size, ..])
            return;
        if (eventData.EventId == 1)
            _rented[buffer] = size;
        else if (eventData.EventId == 3)
            _rented.Remove(buffer);
    }

    private static FieldInfo Field(Type type, string name) =>
        type.GetField(name, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        ?? throw new NotSupportedException($"'{type}' has no field '{name}' in this version of .NET. Adapt the probe.");

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        e.SetObserved();
        lock (_unobserved)
            _unobserved.Add(e.Exception.Flatten().InnerException?.ToString() ?? e.Exception.ToString());
    }
}
