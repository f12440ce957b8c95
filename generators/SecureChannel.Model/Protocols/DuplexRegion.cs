using SecureChannel.Model.Declarations;

namespace SecureChannel.Model.Protocols;

/// <summary>
/// The states that a run can reach while a state is split into two lanes. The sending lane follows only the transitions that its own role sends. A place is a
/// pair: the state of the sending lane, and the state after the transitions of both roles.
/// </summary>
public sealed class DuplexRegion
{
    private readonly SortedSet<(int Own, int Joint)> _places = [];

    /// <summary>Computes the region of a state.</summary>
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

    /// <summary>Gets the role's view of the protocol.</summary>
    public RoleView View { get; }

    /// <summary>Gets the state that is split.</summary>
    public StateModel Origin { get; }

    /// <summary>Gets the indexes of the states that this role's own messages can lead to. Each of these states has a sending lane.</summary>
    public IEnumerable<int> Own => _places.Select(place => place.Own).Distinct();

    /// <summary>Gets the transitions that this role can receive before the lanes are joined, one for each message.</summary>
    public IEnumerable<Transition> Incoming => _places.SelectMany(place => View.Receives(View.Declaration[place.Joint]))
        .GroupBy(transition => transition.Message.FullyQualifiedName)
        .Select(group => group.First());

    /// <summary>Gets the indexes of the states in which the protocol can continue if the lanes are joined while the sending lane is in a given state.</summary>
    /// <param name="own">The index of the sending lane's state.</param>
    public IEnumerable<int> Joined(int own) => _places.Where(place => place.Own == own).Select(place => place.Joint);
}
