using Microsoft.CodeAnalysis;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The part of the flow state that joins the states of two paths.</summary>
internal sealed partial class FlowState
{
    /// <summary>The join of the states of two paths.</summary>
    private static class Merger
    {
        public static FlowState Merge(FlowState here, FlowState there, int block)
        {
            var shared = new HashSet<ISymbol>(here._shared.Union(there._shared, SymbolEqualityComparer.Default), SymbolEqualityComparer.Default);
            var joined = new FlowState([], [], shared, []);
            foreach (var place in here._ruledOut.Keys.Intersect(there._ruledOut.Keys))
                joined.RuleOut(place, here._ruledOut[place].Intersect(there._ruledOut[place]));
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

        /// <summary>
        /// Joins two different objects, which the two paths hold in the same places, into one object. If other places also hold one of the two objects, both
        /// objects escape instead.
        /// </summary>
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
