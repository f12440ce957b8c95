using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Protocols;

/// <summary>
/// What the two lanes of a state can reach in which both roles may send. The sending lane knows only its own moves; a place is where they have led together
/// with where the moves of both have led.
/// </summary>
public sealed class DuplexRegion
{
    private readonly SortedSet<(int Own, int Joint)> _places = [];

    /// <summary>Walks a region.</summary>
    /// <param name="view">The role.</param>
    /// <param name="origin">The state that is split.</param>
    public DuplexRegion(RoleView view, StateModel origin)
    {
        (View, Origin) = (view, origin);
        var open = new Stack<(int Own, int Joint)>();
        Reach(origin.Index, origin.Index);
        while (open.Count > 0)
        {
            var (own, joint) = open.Pop();
            foreach (var sent in view.Sends(view.Declaration[own]))
            {
                if (view.Sends(view.Declaration[joint]).FirstOrDefault(other => other.Message.Equals(sent.Message)) is { } together)
                    Reach(sent.Next, together.Next);
            }

            foreach (var received in view.Receives(view.Declaration[joint]))
                Reach(own, received.Next);
        }

        void Reach(int own, int joint)
        {
            if (_places.Add((own, joint)))
                open.Push((own, joint));
        }
    }

    /// <summary>The role.</summary>
    public RoleView View { get; }

    /// <summary>The state that is split.</summary>
    public StateModel Origin { get; }

    /// <summary>The states that this role's own moves can lead to: each has a sending lane.</summary>
    public IEnumerable<int> Own => _places.Select(place => place.Own).Distinct();

    /// <summary>What may arrive until the lanes are joined, each message once.</summary>
    public IEnumerable<Transition> Incoming => _places.SelectMany(place => View.Receives(View.Declaration[place.Joint]))
        .GroupBy(transition => transition.Message.FullyQualifiedName)
        .Select(group => group.First());

    /// <summary>The states that lanes can be joined in, where this role's own moves have led to one.</summary>
    /// <param name="own">The index of that one.</param>
    public IEnumerable<int> Joined(int own) => _places.Where(place => place.Own == own).Select(place => place.Joint);
}
