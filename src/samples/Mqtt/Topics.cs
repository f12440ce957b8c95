namespace Samples.Mqtt311;

/// <summary>The matching of topic names and topic filters (section 4.7).</summary>
public static class Topics
{
    /// <summary>
    /// Determines whether a topic name matches a filter. In a filter, + matches one level, and # matches the parent level and any number of levels below it.
    /// </summary>
    /// <returns>True if the topic name matches; otherwise, false.</returns>
    public static bool Matches(string filter, string topic)
    {
        var (levels, names) = (filter.Split('/'), topic.Split('/'));
        // Section 4.7.2: a wildcard at the start does not match the broker's own topics.
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
