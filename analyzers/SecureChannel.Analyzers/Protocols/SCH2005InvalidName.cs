using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace SecureChannel.Analyzers.Protocols;

/// <summary>SCH2005: the name of a protocol or handshake is empty, too long or not valid text.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SCH2005InvalidName : DeclarationRule
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [ProtocolDiagnostics.InvalidName];

    private const int MaxBytes = 255;

    // Strict: a lone surrogate is not valid text.
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    protected override IEnumerable<Diagnostic> Check(DeclaredEnum declaration)
    {
        // The compiler reports a missing argument.
        if (declaration.Anchors[0].ArgumentList?.Arguments is [var argument, ..] && Problem(declaration.WireName) is { } problem)
            yield return Diagnostic.Create(ProtocolDiagnostics.InvalidName, argument.GetLocation(), declaration.WireName, problem);
    }

    private static string? Problem(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return "it is empty; set a name with a version, such as \"bank/1\"";
        try
        {
            var length = Utf8.GetByteCount(name);
            return length > MaxBytes ? $"it has {length} bytes in UTF-8, but the maximum is {MaxBytes}" : null;
        }
        catch (EncoderFallbackException)
        {
            return "it contains half of a surrogate pair, which has no UTF-8 encoding";
        }
    }
}
