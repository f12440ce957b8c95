using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace SecureChannel.Limbo;

/// <summary>A case of x509-limbo: certificates, the name and the time to verify, and the expected result.</summary>
internal sealed record LimboCase(string Id, bool IsServer, bool IsAccepted, string? Name, DateTimeOffset Time, int? MaxDepth,
    IReadOnlyList<string> Anchors, IReadOnlyList<string> Presented, IReadOnlyList<string> Crls)
{
    /// <summary>Reads all cases from the text of limbo.json.</summary>
    public static IEnumerable<LimboCase> ReadAll(Stream json)
    {
        using var document = JsonDocument.Parse(json);
        foreach (var entry in document.RootElement.GetProperty("testcases").EnumerateArray())
            yield return Read(entry);
    }

    /// <summary>Verifies the presented certificates under a policy that trusts the anchors. Returns null if they are accepted, or the reason.</summary>
    public string? Verify()
    {
        try
        {
            var trust = TrustPolicy.FromAuthorities(Anchors.Select(pem => X509Certificate2.CreateFromPem(pem)))
                .WithOptions(new TrustOptions
                {
                    MaxChainLength = MaxDepth is { } depth ? Math.Min(depth + 1, 100) : 100,
                    Revocation = Crls.Count > 0 ? RevocationMode.Required : RevocationMode.None,
                    Crls = [.. Crls.Select(pem => (ReadOnlyMemory<byte>)System.Text.Encoding.ASCII.GetBytes(pem))],
                });
            var chain = Presented.Select(pem => (ReadOnlyMemory<byte>)DecodePem(pem)).ToList();
            var purpose = IsServer ? CertificatePurpose.TlsServer : CertificatePurpose.TlsClient;
            var result = trust.VerifyAsync(chain, Name, purpose, Time).AsTask().GetAwaiter().GetResult();
            return result.Error is { } error ? $"{error.Kind}: {error.Message}" : null;
        }
        catch (Exception e) when (e is ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    // The platform must not judge what the peer presents, so only the base64 is decoded.
    private static byte[] DecodePem(string pem)
    {
        var fields = System.Security.Cryptography.PemEncoding.Find(pem);
        return Convert.FromBase64String(pem[fields.Base64Data]);
    }

    private static LimboCase Read(JsonElement entry)
    {
        var name = entry.GetProperty("expected_peer_name");
        var time = entry.GetProperty("validation_time");
        var depth = entry.GetProperty("max_chain_depth");
        return new(
            entry.GetProperty("id").GetString()!,
            entry.GetProperty("validation_kind").GetString() == "SERVER",
            entry.GetProperty("expected_result").GetString() == "SUCCESS",
            name.ValueKind == JsonValueKind.Null ? null : name.GetProperty("value").GetString(),
            time.ValueKind == JsonValueKind.Null ? DateTimeOffset.UtcNow : time.GetDateTimeOffset(),
            depth.ValueKind == JsonValueKind.Null ? null : depth.GetInt32(),
            [.. entry.GetProperty("trusted_certs").EnumerateArray().Select(pem => pem.GetString()!)],
            [entry.GetProperty("peer_certificate").GetString()!,
                .. entry.GetProperty("untrusted_intermediates").EnumerateArray().Select(pem => pem.GetString()!)],
            [.. entry.GetProperty("crls").EnumerateArray().Select(pem => pem.GetString()!)]);
    }
}
