using System.Collections.Immutable;
using System.Globalization;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Verification;

/// <summary>Hands a repair from the rule to its code fix: as properties of the diagnostic, which hold text alone.</summary>
public static class FixEncoding
{
    private static readonly RoleModel[] Roles = [RoleModel.Client, RoleModel.Server];

    /// <summary>The repairs of a finding: none, one, or one for each end whose message may decide where both go on.</summary>
    public static ImmutableDictionary<string, string?> For(DeclaredEnum declaration, Crossing.NotReceived arrival)
    {
        var graph = declaration.Verification!.Graph;
        var properties = ImmutableDictionary<string, string?>.Empty;
        var roles = Repair.HasChoice(graph, arrival) ? Roles : [RoleModel.Client];
        foreach (var role in roles)
        {
            if (Repair.Find(graph, arrival, role) is not { } added || added.Any(addition => addition.Copied.IsAnytime))
                continue;
            var (first, more) = (added[0], added.Count - 1);
            var title = $"Receive {first.Copied.Label} in {graph.NameOf(first.State)}{(more == 0 ? "" : $", and {more} more")}";
            if (roles.Length > 1)
                title += $": the {role.Name()}'s message decides";
            properties = properties.Add(title, string.Join(";", added.Select(addition => Write(declaration, addition))));
        }

        return properties;
    }

    /// <summary>Reads the text of a repair: each attribute to copy, by its place in the file, with the state that gets the copy and the one it leads to.</summary>
    public static IEnumerable<(int Attribute, int State, int Next)> Read(string repair) => repair.Split(';')
        .Select(addition => addition.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Select(numbers => (numbers[0], numbers[1], numbers[2]));

    private static string Write(DeclaredEnum declaration, Addition addition) => FormattableString.Invariant(
        $"{declaration[addition.Copied].Syntax.SpanStart},{addition.State},{addition.Next}");
}
