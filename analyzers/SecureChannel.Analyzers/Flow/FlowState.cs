using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The state at a point of the program: the object in each place, and the possible states of each object.</summary>
internal sealed partial class FlowState
{
    private readonly Dictionary<Place, Value> _places;
    private readonly Dictionary<ObjectId, States> _objects;
    private readonly HashSet<ISymbol> _shared;

    // The cases that the reply in a place cannot be.
    private readonly Dictionary<Place, ImmutableHashSet<ITypeSymbol>> _ruledOut;

    // The effects of the current statement, from which the state of an exception handler is computed.
    private readonly List<Promise> _done = [];

    public FlowState()
        : this([], [], new HashSet<ISymbol>(SymbolEqualityComparer.Default), [])
    {
    }

    private FlowState(
        Dictionary<Place, Value> places, Dictionary<ObjectId, States> objects, HashSet<ISymbol> shared, Dictionary<Place, ImmutableHashSet<ITypeSymbol>> ruledOut) =>
        (_places, _objects, _shared, _ruledOut) = (places, objects, shared, ruledOut);

    public FlowState Clone() => new(new(_places), new(_objects), new(_shared, SymbolEqualityComparer.Default), new(_ruledOut));

    public States this[ObjectId id]
    {
        get
        {
            if (_objects.TryGetValue(id, out var states))
                return states;
            if (id.Origin is not Part part)
                return States.Unknown;
            return (this[part.Whole] & States.Unknown) == 0 ? part.Initial : (part.Initial & States.Runs) | States.Unknown;
        }
    }

    public void StartStatement() => _done.Clear();

    public Value Read(Place place) => place.Symbol is { } symbol && _shared.Contains(symbol) ? Value.Unknown : Peek(place);

    /// <summary>Writes a value into a place.</summary>
    /// <returns>The tasks that no place holds any longer.</returns>
    public IReadOnlyList<ObjectId> Write(Place place, Value value)
    {
        if (place.Symbol is { } symbol && _shared.Contains(symbol))
        {
            Escape(value);
            return [];
        }

        var before = Peek(place);
        _ruledOut.Remove(place);
        if (value == Value.Nothing)
            _places.Remove(place);
        else
            _places[place] = value;
        return [.. before.Objects.Where(id => id.IsTask && !Holds(id))];
    }

    /// <summary>Removes places whose scope ends.</summary>
    /// <returns>The tasks that no place holds any longer.</returns>
    public IReadOnlyList<ObjectId> Forget(IReadOnlyCollection<Place> places)
    {
        var tasks = new HashSet<ObjectId>(places.SelectMany(place => Peek(place).Objects).Where(id => id.IsTask));
        foreach (var place in places)
        {
            _places.Remove(place);
            _ruledOut.Remove(place);
        }

        return [.. tasks.Where(task => !Holds(task))];
    }

    public bool Holds(ObjectId id) => PlacesOf(id).Any();

    /// <summary>Marks a variable as shared: from here, other code can read and write it at any time.</summary>
    public void Share(ISymbol symbol)
    {
        Escape(Peek(Place.Of(symbol)));
        _places.Remove(Place.Of(symbol));
        _ruledOut.Remove(Place.Of(symbol));
        _shared.Add(symbol);
    }

    /// <summary>Records that the reply in a place is not one of the given cases.</summary>
    /// <returns>All cases that are ruled out.</returns>
    public ImmutableHashSet<ITypeSymbol> RuleOut(Place place, IEnumerable<ITypeSymbol> cases)
    {
        var known = _ruledOut.TryGetValue(place, out var earlier) ? earlier : ImmutableHashSet.Create<ITypeSymbol>(SymbolEqualityComparer.Default);
        known = known.Union(cases);
        if (!known.IsEmpty && !(place.Symbol is { } symbol && _shared.Contains(symbol)))
            _ruledOut[place] = known;
        return known;
    }

    /// <summary>Creates an object. Places that still hold an earlier object of the same origin are no longer followed.</summary>
    public Value Create(ObjectId id, States states)
    {
        foreach (var place in _places.Where(entry => entry.Value.Objects.Any(held => held.IsWithin(id))).Select(entry => entry.Key).ToList())
            _places[place] = Value.Unknown;
        foreach (var part in _objects.Keys.Where(part => part.IsWithin(id)).ToList())
            _objects.Remove(part);
        _objects[id] = states;
        return new ObjectValue(id);
    }

    /// <summary>Gets a part of a tuple or reply.</summary>
    public Value PartOf(ObjectId whole, string name, States initial)
    {
        var part = new ObjectId(new Part(whole, name, initial));
        _objects[part] = this[part];
        return new ObjectValue(part);
    }

    /// <summary>Sets a session's stage or run, or a token's use, and preserves the other states of the object.</summary>
    public void Set(ObjectId id, States states) =>
        _objects[id] = states | (this[id] & ((states & States.Runs) == 0 ? States.Runs : ~States.Runs));

    /// <summary>Applies promises: sets the promised state of each object.</summary>
    public void Do(IEnumerable<Promise> promises)
    {
        for (var index = 0; index < _done.Count; index++)
            _done[index] = _done[index] with { Earlier = true };
        foreach (var promise in promises)
        {
            // If the object is no longer busy, it has continued without the task.
            if (promise.State == States.Valid && (this[promise.Object] & States.Busy) == 0)
                continue;
            Set(promise.Object, promise.State);
            _done.Add(promise);
        }
    }

    /// <summary>Completes a task and applies its promises.</summary>
    /// <returns>The result of the task.</returns>
    public Value Complete(Value task)
    {
        if (task is not PendingValue pending)
            return Value.Unknown;
        if (pending.Promises.Count > 0)
            Do(pending.Promises);
        if (pending.Task is { } once)
            Set(once, States.Used);
        return pending.Result is { } result ? new ObjectValue(result) : Value.Unknown;
    }

    /// <summary>
    /// Stops following a value that is passed to other code, which can establish the session or consume the token. An established session stays established.
    /// </summary>
    public void Escape(Value value)
    {
        foreach (var id in value.Objects)
        {
            if ((this[id] & (States.Stages | States.Unknown)) == States.Established)
                continue;
            Set(id, States.Unknown);
            foreach (var part in _objects.Keys.Where(part => part != id && part.IsWithin(id)).ToList())
                Set(part, States.Unknown);
        }
    }

    /// <summary>
    /// Gets the state after an exception in the operation that would lead from this state to <paramref name="after"/>. The last step of the operation did not
    /// happen, so a token that this step would have consumed is valid again. Earlier steps did happen, and escaped values stay escaped. A task that is not
    /// awaited because of the exception is not reported.
    /// </summary>
    public FlowState Thrown(FlowState after)
    {
        var thrown = Clone();
        foreach (var id in _objects.Keys.Where(id => (after[id] & States.Unknown) != 0))
            thrown.Set(id, States.Unknown);
        foreach (var symbol in after._shared)
            thrown.Share(symbol);
        foreach (var place in _ruledOut.Keys.Where(place => !after._ruledOut.TryGetValue(place, out var cases) || !cases.SetEquals(_ruledOut[place])))
            thrown._ruledOut.Remove(place);
        foreach (var promise in after._done.Where(promise => (promise.State & States.Stages) == 0 && Knows(promise.Object)))
        {
            var before = thrown[promise.Object];
            if ((before & States.Busy) != 0)
                before = (before & ~States.Busy) | States.Valid;
            thrown._objects[promise.Object] = promise.Earlier ? before | promise.State : before;
        }

        foreach (var task in _objects.Keys.Where(id => id.IsTask))
            thrown._objects[task] = after[task] == States.Used ? States.Used : States.Unknown;
        return thrown;
    }

    /// <summary>Joins the state of another path into this state.</summary>
    /// <returns>True if this state changed; otherwise, false.</returns>
    public bool Join(FlowState other, int block)
    {
        var joined = Merger.Merge(this, other, block);
        if (joined.SameAs(this))
            return false;
        _places.Clear();
        foreach (var entry in joined._places)
            _places.Add(entry.Key, entry.Value);
        _objects.Clear();
        foreach (var entry in joined._objects)
            _objects.Add(entry.Key, entry.Value);
        _shared.UnionWith(joined._shared);
        _ruledOut.Clear();
        foreach (var entry in joined._ruledOut)
            _ruledOut.Add(entry.Key, entry.Value);
        return true;
    }

    private bool Knows(ObjectId id) => _objects.ContainsKey(id) || (id.Origin is Part part && Knows(part.Whole));

    private IEnumerable<Place> PlacesOf(ObjectId id) => _places.Where(entry => entry.Value.Objects.Contains(id)).Select(entry => entry.Key);

    private Value Peek(Place place) => _places.TryGetValue(place, out var value) ? value : Value.Nothing;

    private bool SameAs(FlowState other) =>
        _places.Count == other._places.Count && _objects.Count == other._objects.Count && _shared.SetEquals(other._shared)
        && _places.All(entry => other.Peek(entry.Key) == entry.Value)
        && _objects.All(entry => other._objects.TryGetValue(entry.Key, out var states) && states == entry.Value)
        && _ruledOut.Count == other._ruledOut.Count && _ruledOut.All(entry => other._ruledOut.TryGetValue(entry.Key, out var cases) && cases.SetEquals(entry.Value));
}
