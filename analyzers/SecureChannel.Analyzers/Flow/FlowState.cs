using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>What is known at a point of the program: which place holds which object, and the states that each object may be in.</summary>
internal sealed class FlowState
{
    private readonly Dictionary<Place, Value> _places;
    private readonly Dictionary<ObjectId, States> _objects;
    private readonly HashSet<ISymbol> _shared;

    // What the statement under way has done, so that a handler around it knows what holds if it fails.
    private readonly List<Promise> _done = [];

    public FlowState()
        : this([], [], new HashSet<ISymbol>(SymbolEqualityComparer.Default))
    {
    }

    private FlowState(Dictionary<Place, Value> places, Dictionary<ObjectId, States> objects, HashSet<ISymbol> shared) =>
        (_places, _objects, _shared) = (places, objects, shared);

    public FlowState Clone() => new(new(_places), new(_objects), new(_shared, SymbolEqualityComparer.Default));

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
    /// <returns>The tasks that no place holds any more.</returns>
    public IReadOnlyList<ObjectId> Write(Place place, Value value)
    {
        if (place.Symbol is { } symbol && _shared.Contains(symbol))
        {
            Escape(value);
            return [];
        }

        var before = Peek(place);
        if (value == Value.Nothing)
            _places.Remove(place);
        else
            _places[place] = value;
        return [.. before.Objects.Where(id => id.IsTask && !Holds(id))];
    }

    /// <summary>The places end.</summary>
    /// <returns>The tasks that no place holds any more.</returns>
    public IReadOnlyList<ObjectId> Forget(IReadOnlyCollection<Place> places)
    {
        var tasks = new HashSet<ObjectId>(places.SelectMany(place => Peek(place).Objects).Where(id => id.IsTask));
        foreach (var place in places)
            _places.Remove(place);
        return [.. tasks.Where(task => !Holds(task))];
    }

    public bool Holds(ObjectId id) => PlacesOf(id).Any();

    /// <summary>From here on other code may read and write the variable at any time.</summary>
    public void Share(ISymbol symbol)
    {
        Escape(Peek(Place.Of(symbol)));
        _places.Remove(Place.Of(symbol));
        _shared.Add(symbol);
    }

    /// <summary>A new object: whatever still refers to an earlier one of the same origin is no longer followed.</summary>
    public Value Create(ObjectId id, States states)
    {
        foreach (var place in _places.Where(entry => entry.Value.Objects.Any(held => held.IsWithin(id))).Select(entry => entry.Key).ToList())
            _places[place] = Value.Unknown;
        foreach (var part in _objects.Keys.Where(part => part.IsWithin(id)).ToList())
            _objects.Remove(part);
        _objects[id] = states;
        return new ObjectValue(id);
    }

    /// <summary>A part of a tuple or reply.</summary>
    public Value PartOf(ObjectId whole, string name, States initial)
    {
        var part = new ObjectId(new Part(whole, name, initial));
        _objects[part] = this[part];
        return new ObjectValue(part);
    }

    /// <summary>Sets a session's stage, its run, or a token's use; what else is known of the object stays.</summary>
    public void Set(ObjectId id, States states) =>
        _objects[id] = states | (this[id] & ((states & States.Runs) == 0 ? States.Runs : ~States.Runs));

    /// <summary>Something is done: what was promised holds.</summary>
    public void Do(IEnumerable<Promise> promises)
    {
        for (var index = 0; index < _done.Count; index++)
            _done[index] = _done[index] with { Earlier = true };
        foreach (var promise in promises)
        {
            Set(promise.Object, promise.State);
            _done.Add(promise);
        }
    }

    /// <summary>A task has completed: what it promised holds.</summary>
    /// <returns>What the task returned.</returns>
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

    /// <summary>The value is handed to something that is not followed, and that may establish the session or use the token. No session ever goes back.</summary>
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
    /// What holds if the operation that leads from this state to <paramref name="after"/> throws: its last step was not done, so a token is valid again
    /// that it would have used; what was done before it is done; what escaped has escaped; and a task that is not awaited now is nobody's fault.
    /// </summary>
    public FlowState Thrown(FlowState after)
    {
        var thrown = Clone();
        foreach (var id in _objects.Keys.Where(id => (after[id] & States.Unknown) != 0))
            thrown.Set(id, States.Unknown);
        foreach (var symbol in after._shared)
            thrown.Share(symbol);
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

    /// <summary>Joins what is known on another path into this state.</summary>
    /// <returns>Whether that changed anything.</returns>
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
        return true;
    }

    private bool Knows(ObjectId id) => _objects.ContainsKey(id) || (id.Origin is Part part && Knows(part.Whole));

    private IEnumerable<Place> PlacesOf(ObjectId id) => _places.Where(entry => entry.Value.Objects.Contains(id)).Select(entry => entry.Key);

    private Value Peek(Place place) => _places.TryGetValue(place, out var value) ? value : Value.Nothing;

    private bool SameAs(FlowState other) =>
        _places.Count == other._places.Count && _objects.Count == other._objects.Count && _shared.SetEquals(other._shared)
        && _places.All(entry => other.Peek(entry.Key) == entry.Value)
        && _objects.All(entry => other._objects.TryGetValue(entry.Key, out var states) && states == entry.Value);

    /// <summary>Makes one state of two, where paths meet.</summary>
    private static class Merger
    {
        public static FlowState Merge(FlowState here, FlowState there, int block)
        {
            var shared = new HashSet<ISymbol>(here._shared.Union(there._shared, SymbolEqualityComparer.Default), SymbolEqualityComparer.Default);
            var joined = new FlowState([], [], shared);
            foreach (var id in here._objects.Keys.Union(there._objects.Keys))
                joined._objects[id] = StatesOf(here, id) | StatesOf(there, id);
            foreach (var place in here._places.Keys.Union(there._places.Keys))
            {
                var (one, other) = (here.Peek(place), there.Peek(place));
                if (one == other || other == Value.Nothing)
                    joined._places[place] = one;
                else if (one == Value.Nothing)
                    joined._places[place] = other;
                else if (one is not ObjectValue || other is not ObjectValue)
                    Lose(joined, place, one, other);
            }

            MergeObjects(here, there, joined, block);
            foreach (var symbol in shared.Where(symbol => joined._places.ContainsKey(Place.Of(symbol))).ToList())
                joined.Share(symbol);
            Prune(joined);
            return joined;
        }

        private static States StatesOf(FlowState state, ObjectId id) => state.Knows(id) ? state[id] : States.None;

        /// <summary>Where different objects meet in the same places, they go on as one; it is lost if either of them is also known by another name.</summary>
        private static void MergeObjects(FlowState here, FlowState there, FlowState joined, int block)
        {
            var pairs = here._places.Keys.Intersect(there._places.Keys)
                .Where(place => here.Peek(place) is ObjectValue && there.Peek(place) is ObjectValue && here.Peek(place) != there.Peek(place))
                .GroupBy(place => (Here: (ObjectValue)here.Peek(place), There: (ObjectValue)there.Peek(place)));
            foreach (var pair in pairs.ToList())
            {
                var id = new ObjectId(new JoinOrigin(block, pair.First()));
                var (one, other) = (pair.Key.Here.Id, pair.Key.There.Id);
                var alone = OnlyIn(here, one, pair) && OnlyIn(here, id, pair) && OnlyIn(there, other, pair) && OnlyIn(there, id, pair);
                foreach (var place in pair)
                {
                    if (alone)
                        joined._places[place] = new ObjectValue(id);
                    else
                        Lose(joined, place, pair.Key.Here, pair.Key.There);
                }

                if (!alone)
                    continue;
                joined._objects[id] = here[one] | there[other];
                foreach (var part in PartsOf(here, one).Union(PartsOf(there, other)))
                    joined._objects[new ObjectId(part with { Whole = id })] =
                        here[new ObjectId(part with { Whole = one })] | there[new ObjectId(part with { Whole = other })];
            }
        }

        private static IEnumerable<Part> PartsOf(FlowState state, ObjectId whole) =>
            state._objects.Keys.Select(id => id.Origin).OfType<Part>().Where(part => part.Whole == whole).Select(part => part with { Whole = default });

        private static void Lose(FlowState joined, Place place, Value here, Value there)
        {
            joined._places[place] = Value.Unknown;
            joined.Escape(here);
            joined.Escape(there);
        }

        private static bool OnlyIn(FlowState state, ObjectId id, IEnumerable<Place> places) => state.PlacesOf(id).All(places.Contains);

        private static void Prune(FlowState joined)
        {
            var live = new HashSet<ObjectId>(joined._places.Values.SelectMany(value => value.Objects));
            foreach (var id in joined._objects.Keys.Where(id => !IsLive(id)).ToList())
                joined._objects.Remove(id);

            bool IsLive(ObjectId id) => live.Contains(id) || (id.Origin is Part part && IsLive(part.Whole));
        }
    }
}
