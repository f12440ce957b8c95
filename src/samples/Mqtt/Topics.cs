namespace Samples.Mqtt311;

/// <summary>How topics are named and found (section 4.7).</summary>
public static class Topics
{
    /// <summary>Whether a topic's name matches a filter, in which + stands for one level and # for all that is left, the level before it included.</summary>
    public static bool Matches(string filter, string topic)
    {
        var (levels, names) = (filter.Split('/'), topic.Split('/'));
        // Section 4.7.2: wildcards do not reach what the broker keeps to itself.
        if (topic.StartsWith('$') && (levels[0] is "+" or "#"))
            return false;
        for (var index = 0; index < levels.Length; index++)
        {
            if (levels[index] == "#")
                return true;
            if (index == names.Length || (levels[index] != "+" && levels[index] != names[index]))
                return false;
        }

        return levels.Length == names.Length;
    }
}
