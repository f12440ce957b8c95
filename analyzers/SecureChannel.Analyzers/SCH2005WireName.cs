using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Analyzers.Verification;

namespace SecureChannel.Analyzers;

/// <summary>SCH2005: a protocol's or handshake's name is empty, too long, or no text.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2005WireName : DeclarationRule
{
    /// <summary>The rule's id.</summary>
    public const string Id = "SCH2005";

    /// <summary>The rule.</summary>
    public static readonly DiagnosticDescriptor Rule = new(
        Id, "Name on the wire is not one", "'{0}' cannot be a name on the wire: {1}",
        Category, DiagnosticSeverity.Error, true,
        "ALPN (RFC 7301 section 3.1) carries a name of 1 to 255 bytes; here it is the UTF-8 of name and version, such as bank/1.",
        "analyzers/docs/SCH2005.md");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    private const int MaxBytes = 255;

    // Strict: a lone surrogate is no text.
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        // What is missing altogether is the compiler's to report.
        if (declaration.Anchors[0].ArgumentList?.Arguments is [var argument, ..] && Problem(declaration.WireName) is { } problem)
            yield return Diagnostic.Create(Rule, argument.GetLocation(), declaration.WireName, problem);
    }

    private static string? Problem(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return "it is empty; give it name and version, such as \"bank/1\"";
        try
        {
            var length = Utf8.GetByteCount(name);
            return length > MaxBytes ? $"it takes {length} bytes in UTF-8, and at most {MaxBytes} fit" : null;
        }
        catch (EncoderFallbackException)
        {
            return "it contains half of a surrogate pair, which is no text";
        }
    }
}
