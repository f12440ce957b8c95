namespace SecureChannel.Simulation;

/// <summary>Something that the network or a transport did to a session.</summary>
internal enum IncidentKind
{
    Stalled,
    Dropped,
    Truncated,
    Flipped,
    Reset,
    Threw,
    NeverCompleted,
}

/// <param name="Kind">The incident.</param>
/// <param name="Victim">The end that reads the direction, or whose transport failed.</param>
/// <param name="At">The time.</param>
internal readonly record struct Incident(IncidentKind Kind, Role Victim, TimeSpan At);

/// <summary>The incidents of a run, in order.</summary>
internal sealed class Incidents(VirtualTime time, Trace trace)
{
    private readonly List<Incident> _list = [];

    public bool Any => _list.Count > 0;

    public void Add(IncidentKind kind, Role victim)
    {
        trace.Add(victim.ToString(), "incident " + kind);
        _list.Add(new(kind, victim, time.Now));
    }

    public bool Has(IncidentKind kind, Role victim) => _list.Exists(incident => incident.Kind == kind && incident.Victim == victim);

    public bool Has(IncidentKind kind) => _list.Exists(incident => incident.Kind == kind);

    public override string ToString() => string.Join(", ", _list.Select(incident => $"{incident.Kind} at {incident.Victim} {incident.At.TotalSeconds:F3} s"));
}
