using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What is known at a point of the program: which place holds which session, and the states each session may be in.</summary>
internal sealed class FlowState
{
    private readonly Dictionary<Place, Value> _places;
    private readonly Dictionary<SessionId, States> _sessions;
    private readonly HashSet<ISymbol> _shared;

    public FlowState()
        : this([], [], new HashSet<ISymbol>(SymbolEqualityComparer.Default))
    {
    }

    private FlowState(Dictionary<Place, Value> places, Dictionary<SessionId, States> sessions, HashSet<ISymbol> shared) =>
        (_places, _sessions, _shared) = (places, sessions, shared);

    public FlowState Clone() => new(new(_places), new(_sessions), new(_shared, SymbolEqualityComparer.Default));

    public States this[SessionId session] => _sessions.TryGetValue(session, out var states) ? states : States.Unknown;

    public Value Read(Place place) => place.Symbol is { } symbol && _shared.Contains(symbol) ? Value.Unknown : Peek(place);

    public void Write(Place place, Value value)
    {
        if (place.Symbol is { } symbol && _shared.Contains(symbol))
            Escape(value);
        else if (value == Value.Nothing)
            _places.Remove(place);
        else
            _places[place] = value;
    }

    public void Forget(Place place) => _places.Remove(place);

    /// <summary>From here on other code may read and write the variable at any time.</summary>
    public void Share(ISymbol symbol)
    {
        Escape(Peek(Place.Of(symbol)));
        _places.Remove(Place.Of(symbol));
        _shared.Add(symbol);
    }

    /// <summary>A new session: whatever still refers to an earlier one of the same origin is no longer followed.</summary>
    public Value Create(SessionId session, States states)
    {
        foreach (var place in PlacesOf(session).ToList())
            _places[place] = Value.Unknown;
        _sessions[session] = states;
        return new SessionValue(session);
    }

    public void Ensure(Promise promise) => _sessions[promise.Session] = promise.State;

    /// <summary>A task has completed: what it promised holds.</summary>
    /// <returns>What the task returned.</returns>
    public Value Complete(Value task)
    {
        if (task is not PendingValue pending)
            return Value.Unknown;
        foreach (var promise in pending.Promises)
            Ensure(promise);
        return pending.Result is { } result ? new SessionValue(result) : Value.Unknown;
    }

    /// <summary>The value is handed to something that is not followed and that may establish the session. No session ever goes back.</summary>
    public void Escape(Value value)
    {
        foreach (var session in value.Sessions)
        {
            if (this[session] != States.Established)
                _sessions[session] = States.Unknown;
        }
    }

    /// <summary>What holds if the operation that leads from this state to <paramref name="after"/> throws: nothing was done, but what escaped has escaped.</summary>
    public FlowState Thrown(FlowState after)
    {
        var thrown = Clone();
        foreach (var session in _sessions.Keys.Where(session => (after[session] & States.Unknown) != 0))
            thrown._sessions[session] = States.Unknown;
        foreach (var symbol in after._shared)
            thrown.Share(symbol);
        return thrown;
    }

    /// <summary>Joins what is known on another path into this state.</summary>
    /// <returns>Whether that changed anything.</returns>
    public bool Join(FlowState other, int block)
    {
        var (places, sessions) = (new Dictionary<Place, Value>(), new Dictionary<SessionId, States>());
        foreach (var session in _sessions.Keys.Union(other._sessions.Keys))
        {
            sessions[session] = (_sessions.TryGetValue(session, out var here) ? here : States.None)
                | (other._sessions.TryGetValue(session, out var there) ? there : States.None);
        }

        var joined = new FlowState(places, sessions, new(_shared.Union(other._shared, SymbolEqualityComparer.Default), SymbolEqualityComparer.Default));
        foreach (var place in _places.Keys.Union(other._places.Keys))
        {
            var (here, there) = (Peek(place), other.Peek(place));
            if (here == there || there == Value.Nothing)
                places[place] = here;
            else if (here == Value.Nothing)
                places[place] = there;
            else if (here is not SessionValue || there is not SessionValue)
                joined.Lose(place, here, there);
        }

        JoinSessions(other, joined, block);
        foreach (var symbol in joined._shared.Where(symbol => places.ContainsKey(Place.Of(symbol))).ToList())
            joined.Share(symbol);
        joined.Prune();
        if (joined.SameAs(this))
            return false;
        Take(joined);
        return true;
    }

    /// <summary>Where different sessions meet in the same places, they go on as one; it is lost if either of them is also known by another name.</summary>
    private void JoinSessions(FlowState other, FlowState joined, int block)
    {
        var pairs = _places.Keys.Intersect(other._places.Keys)
            .Where(place => Peek(place) is SessionValue && other.Peek(place) is SessionValue && Peek(place) != other.Peek(place))
            .GroupBy(place => (Here: Peek(place), There: other.Peek(place)));
        foreach (var pair in pairs.ToList())
        {
            var session = new SessionId(new JoinOrigin(block, pair.First()));
            var (here, there) = (pair.Key.Here.Sessions.Single(), pair.Key.There.Sessions.Single());
            var alone = OnlyIn(here, pair) && OnlyIn(session, pair) && other.OnlyIn(there, pair) && other.OnlyIn(session, pair);
            foreach (var place in pair)
            {
                if (alone)
                    joined._places[place] = new SessionValue(session);
                else
                    joined.Lose(place, pair.Key.Here, pair.Key.There);
            }

            if (alone)
                joined._sessions[session] = this[here] | other[there];
        }
    }

    private void Lose(Place place, Value here, Value there)
    {
        _places[place] = Value.Unknown;
        Escape(here);
        Escape(there);
    }

    private bool OnlyIn(SessionId session, IEnumerable<Place> places) => PlacesOf(session).All(places.Contains);

    private IEnumerable<Place> PlacesOf(SessionId session) => _places.Where(entry => entry.Value.Sessions.Contains(session)).Select(entry => entry.Key);

    private Value Peek(Place place) => _places.TryGetValue(place, out var value) ? value : Value.Nothing;

    private void Prune()
    {
        var live = new HashSet<SessionId>(_places.Values.SelectMany(value => value.Sessions));
        foreach (var session in _sessions.Keys.Where(session => !live.Contains(session)).ToList())
            _sessions.Remove(session);
    }

    private bool SameAs(FlowState other) =>
        _places.Count == other._places.Count && _sessions.Count == other._sessions.Count && _shared.SetEquals(other._shared)
        && _places.All(entry => other.Peek(entry.Key) == entry.Value)
        && _sessions.All(entry => other._sessions.TryGetValue(entry.Key, out var states) && states == entry.Value);

    private void Take(FlowState other)
    {
        _places.Clear();
        foreach (var entry in other._places)
            _places.Add(entry.Key, entry.Value);
        _sessions.Clear();
        foreach (var entry in other._sessions)
            _sessions.Add(entry.Key, entry.Value);
        _shared.UnionWith(other._shared);
    }
}
