using System.Text;
using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis;

namespace SecureChannel.Model.Declarations;

/// <summary>The reader of the documentation of symbols, which generated code repeats.</summary>
public static class Documentation
{
    /// <summary>Gets the content of a symbol's summary as XML on one line, or null if it has no summary.</summary>
    /// <param name="symbol">The symbol.</param>
    /// <param name="cancellationToken">A token that cancels the reading.</param>
    public static string? SummaryOf(ISymbol symbol, CancellationToken cancellationToken)
    {
        var xml = symbol.GetDocumentationCommentXml(cancellationToken: cancellationToken);
        if (string.IsNullOrWhiteSpace(xml))
            return null;

        try
        {
            var summary = XElement.Parse(xml).Element("summary");
            if (summary is null)
                return null;
            var text = OneLine(string.Concat(summary.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting))));
            return text.Length == 0 ? null : text;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var word in text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        return line.ToString();
    }
}
