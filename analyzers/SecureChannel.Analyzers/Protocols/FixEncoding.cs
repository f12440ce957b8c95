using System.Collections.Immutable;
using System.Globalization;
using SecureChannel.Analyzers.Verification;
using SecureChannel.Model.Declarations;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>The encoding of repairs as properties of a diagnostic, which can contain only text, for the code fix of SCH2001.</summary>
public static class FixEncoding
{
    private static readonly RoleModel[] Roles = [RoleModel.Client, RoleModel.Server];

    /// <summary>Finds and encodes the repairs of a crossing: none, one, or one for each role whose message can take precedence.</summary>
    /// <param name="declaration">The declaration.</param>
    /// <param name="arrival">The crossing.</param>
    /// <returns>The repairs by their titles.</returns>
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
            var title = $"Receive '{first.Copied.Label}' in '{graph.NameOf(first.State)}'{(more == 0 ? "" : $" and add {more} more transition{(more == 1 ? "" : "s")}")}";
            if (roles.Length > 1)
                title += $" (the {role.Name()}'s message takes precedence)";
            properties = properties.Add(title, string.Join(";", added.Select(addition => Encode(declaration, addition))));
        }

        return properties;
    }

    /// <summary>
    /// Decodes a repair into additions. Each has the position of the attribute to copy, the index of the state that receives the copy, and the index of the
    /// next state.
    /// </summary>
    /// <param name="repair">The encoded repair.</param>
    public static IEnumerable<(int Attribute, int State, int Next)> Decode(string repair) => repair.Split(';')
        .Select(addition => addition.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
        .Select(numbers => (numbers[0], numbers[1], numbers[2]));

    private static string Encode(DeclaredEnum declaration, Addition addition) => FormattableString.Invariant(
        $"{declaration[addition.Copied].Syntax.SpanStart},{addition.State},{addition.Next}");
}
