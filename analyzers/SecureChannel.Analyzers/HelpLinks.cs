using System.Reflection;

namespace SecureChannel.Analyzers;

/// <summary>The help links of the rules, built from the property <c>RuleHelpLinkBase</c> in the root <c>Directory.Build.props</c>.</summary>
internal static class HelpLinks
{
    private static readonly string Base = typeof(HelpLinks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RuleHelpLinkBase").Value;

    /// <summary>Gets the help link of a rule.</summary>
    /// <param name="id">The rule's id.</param>
    public static string Of(string id) => $"{Base}{id}.md";
}
