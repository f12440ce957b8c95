using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using SecureChannel.Cryptography;
using SecureChannel.Handshakes;

namespace SecureChannel.Fuzz;

/// <summary>
/// The parsers of revocation data and its verification. The first byte of an input selects its kind: a CRL, a stapled OCSP response or a configured one. Every
/// input is verified twice: by a provider that accepts every signature, so that random data reaches every check, and by the platform's.
/// </summary>
public static class RevocationTarget
{
    private const int Kinds = 3;
    private const string ServerName = "bank.example";

    // Data is copied, parsed and described in an error. An entry of a CRL costs two numbers.
    private const int AllocationPerByte = 64;
    private const int AllocationForAll = 256 * 1024;

    private static readonly DateTimeOffset Time = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // openssl created all data. The private keys were deleted, so that no input can contain other data that is signed.
    private static readonly TrustPolicy Authority = CreatePolicy(Convert.FromBase64String(
        "MIIBXzCCAQSgAwIBAgIUKjKq5UJO4pZUM6nBz9Xgxq9A9B0wCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBUjAgFw0yNjEyMDEwMzEzMzRaGA8yMTI2MTEwNzAzMTMzNFowDD"
        + "EKMAgGA1UEAwwBUjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABF35vsPvIWvYj7cSpDLL668XCyFDzbjFsfPxdBxIdWqBBhl8eWiVQnm6CVaH6tzrcq+HBQfUPYvO+1PB"
        + "c1UmiuWjQjBAMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBTbxCnje4Ru+JzDW4js3EQdYdnXUzAKBggqhkjOPQQDAgNJADBGAiEArjKO0C"
        + "QESlRB5OWKHV+Mws/trDH9bpJPQ188jW4q1tACIQD6wRJoFKr7wq8BdmOoKdbgTab4bE1pfUSVnW+ckDpEwQ=="));

    private static readonly byte[] Server = Convert.FromBase64String(
        "MIIBtjCCAV2gAwIBAgICEAEwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBUjAgFw0yNjEyMDEwMzEzMzRaGA8yMTI2MTEwNzAzMTMzNFowDDEKMAgGA1UEAwwBUzBZMBMGBy"
        + "qGSM49AgEGCCqGSM49AwEHA0IABHNVnOy4t+NYI6/qyAbNI8M5Se5Enp/MVjXRmLQ1UOXa32zhn1Eh7dfxvVyDYb+4IPto19dAhIjOr/8OpIGzgY+jgawwgakwDAYDVR0T"
        + "AQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwFwYDVR0RBBAwDoIMYmFuay5leGFtcGxlMBsGA1UdHwQUMBIwEKAOoAyGCmh0dHA6Ly9hLz"
        + "EwHQYDVR0OBBYEFNBpaEFPbfc7c36p9YK7cf8wHuJAMB8GA1UdIwQYMBaAFNvEKeN7hG74nMNbiOzcRB1h2ddTMAoGCCqGSM49BAMCA0cAMEQCIGjIaCMJ1bz5iwRpa3iQ"
        + "2AMgsBGKXydRBlyNKzomUBjcAiAVzPMx8wAw52G2QCNjek3A9WqzdhVIUsaLSw4LU8pmvg==");

    // Two CRLs, of which the second has a distribution point.
    private static readonly Sample[] Crls =
    [
        new(Convert.FromBase64String(
            "MIHsMIGTAgEBMAoGCCqGSM49BAMCMAwxCjAIBgNVBAMMAVIXDTI2MTIwMTAzMTMzNFoYDzIxMjYxMTA3MDMxMzM0WjAjMCECAhADFw0yNjExMDEwMDAwMDBaMAwwCgYDVR"
            + "0VBAMKAQGgLzAtMB8GA1UdIwQYMBaAFNvEKeN7hG74nMNbiOzcRB1h2ddTMAoGA1UdFAQDAgECMAoGCCqGSM49BAMCA0gAMEUCIEdODLUqCP7njD7yG3gtm1wWOhCvu+55"
            + "IyFSb8M7IhMqAiEA3aGDjSCsA7+4ZkH/4uksi05e4VtwEQF+mq4P2B45f6Y="), 3..153),
        new(Convert.FromBase64String(
            "MIIBDDCBtAIBATAKBggqhkjOPQQDAjAMMQowCAYDVQQDDAFSFw0yNjEyMDEwMzEzMzRaGA8yMTI2MTEwNzAzMTMzNFowIzAhAgIQAxcNMjYxMTAxMDAwMDAwWjAMMAoGA1"
            + "UdFQQDCgEBoFAwTjAfBgNVHSMEGDAWgBTbxCnje4Ru+JzDW4js3EQdYdnXUzAfBgNVHRwBAf8EFTAToA6gDIYKaHR0cDovL2EvMYEB/zAKBgNVHRQEAwIBAzAKBggqhkjO"
            + "PQQDAgNHADBEAiBW6mAwCxeakTnQ7my0Zkpdl9HtZgT6PjtJFQljIYsNYAIgaUYPE0tYICsvOn4F7nPimjP4oZ9xNe+xt/MvZ75Rhi4="), 4..187),
    ];

    // The responses of the issuer and a delegated responder, and one about a revoked certificate.
    private static readonly Sample[] Responses =
    [
        new(Convert.FromBase64String(
            "MIH7CgEAoIH1MIHyBgkrBgEFBQcwAQEEgeQwgeEwgYihDjAMMQowCAYDVQQDDAFSGA8yMDI2MTIwMTAzMTMzNFowZTBjMDswCQYFKw4DAhoFAAQUQHPZSwir46GE0qJ8l2"
            + "QJQLrhH5EEFNvEKeN7hG74nMNbiOzcRB1h2ddTAgIQAYAAGA8yMDI2MTIwMTAzMTMzNFqgERgPMjEyNjExMDcwMzEzMzRaMAoGCCqGSM49BAMCA0gAMEUCICcMOk308xbo"
            + "aefq3okhE5A8eU4MYc2gL4SETPiLq//UAiEAn5hnGXLtZsqtRuWYgLnYBicnvMXy03NtoTnPURW4LBQ="), 29..168),
        new(Convert.FromBase64String(
            "MIICqAoBAKCCAqEwggKdBgkrBgEFBQcwAQEEggKOMIICijCBpaEOMAwxCjAIBgNVBAMMAU8YDzIwMjYxMjAxMDMxMzM0WjCBgTB/MFcwDQYJYIZIAWUDBAIBBQAEIIgQ3I"
            + "UotDK3cF8+H0j/hOmGzibsFVyJ9kqFEJi+cZAlBCDIJte5VHebyjOIEuP3Evxt466kXTU7ErFcPEQgRi63HwICEAGAABgPMjAyNjEyMDEwMzEzMzRaoBEYDzIxMjYxMTA3"
            + "MDMxMzM0WjAKBggqhkjOPQQDAgNJADBGAiEAgi3P5xJjGZuLs6gxA62ECDsH/AnTp34+8R6fD2tRyOACIQCZQs4+EyBQGSCnbtCbuAr3y/UDs7e4ymEdjDut3vjv7qCCAY"
            + "cwggGDMIIBfzCCASWgAwIBAgICEAIwCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBUjAgFw0yNjEyMDEwMzEzMzRaGA8yMTI2MTEwNzAzMTMzNFowDDEKMAgGA1UEAwwBTzBZ"
            + "MBMGByqGSM49AgEGCCqGSM49AwEHA0IABMna8zEwK8MoDWYD1kLhaaTUPaTPLHlw+xSwdDW5y+boQEpckKRbC0m/ngABzv7bCnxXPoEXeqJFIrZiO4pqKtejdTBzMAwGA1"
            + "UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMBMGA1UdJQQMMAoGCCsGAQUFBwMJMB0GA1UdDgQWBBQp5tKYJ7L4Qs1EjWmxS0rG/0wfEjAfBgNVHSMEGDAWgBTbxCnje4Ru"
            + "+JzDW4js3EQdYdnXUzAKBggqhkjOPQQDAgNIADBFAiB9eHlsOPtDfxy71zw8cZHf9QtuzFXdDtYeZod+3YrdRQIhAOqlSmLhYxzou5YNyk9qMpKrL0Z3dbyH7+pqgFaOmP"
            + "gV"), 34..202),
        new(Convert.FromBase64String(
            "MIIBEwoBAKCCAQwwggEIBgkrBgEFBQcwAQEEgfowgfcwgZ6hDjAMMQowCAYDVQQDDAFSGA8yMDI2MTIwMTAzMTMzNFowezB5MDswCQYFKw4DAhoFAAQUQHPZSwir46GE0q"
            + "J8l2QJQLrhH5EEFNvEKeN7hG74nMNbiOzcRB1h2ddTAgIQAaEWGA8yMDI2MTEwMTAwMDAwMFqgAwoBARgPMjAyNjEyMDEwMzEzMzRaoBEYDzIxMjYxMTA3MDMxMzM0WjAK"
            + "BggqhkjOPQQDAgNIADBFAiEAq1LJAg5UWUOUfDSZ500St7KIQkWYOy8TlVp/NTnXUrQCIHV7hz7zQ/vsPusmIZSgHYCjkaV5m5UWsW+fmu9faj3b"), ..0),
    ];

    /// <summary>Gets inputs with signed data, of which the last one revokes the certificate.</summary>
    public static byte[][] Seeds() =>
    [
        .. Crls.Select(crl => (byte[])[0, .. crl.Data]), .. Responses[..^1].Select(response => (byte[])[1, .. response.Data]),
        .. Responses.Select(response => (byte[])[2, .. response.Data]),
    ];

    /// <summary>Checks one input.</summary>
    /// <returns>The failed check, or null.</returns>
    public static string? Run(byte[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return Check(input, FuzzProvider.Instance) ?? Check(input, CryptographyProvider.Platform);
        }
        // Any exception of the verification is a finding.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return exception.ToString();
        }
    }

    /// <summary>Returns the kind of error that the platform's provider leads to, or null if the status is known and good.</summary>
    public static CertificateErrorKind? FindError(byte[] input) => Verify(input, CryptographyProvider.Platform)?.Error?.Certificate?.Kind;

    private static string? Check(byte[] input, CryptographyProvider cryptography)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var operation = Verify(input, cryptography);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > AllocationForAll + (long)AllocationPerByte * input.Length)
            return string.Create(CultureInfo.InvariantCulture, $"{allocated} bytes were allocated for {input.Length} bytes of input");
        if (operation is null)
            return null;
        if (operation.Identity is not null)
            return cryptography is FuzzProvider || ContainsSigned(input) ? null : "a status was accepted that nobody signed";
        return operation.Error is not { Kind: SessionErrorKind.UntrustedPeer, Certificate: { } details } error ? $"unexpected error: {operation.Error}"
            : details.Kind is not (CertificateErrorKind.Revoked or CertificateErrorKind.RevocationUnknown or CertificateErrorKind.TooManyChecks)
                ? $"unexpected kind: {error}"
            : null;
    }

    // Returns null if the data is refused when the policy is created.
    private static CertificateVerificationOperation? Verify(byte[] input, CryptographyProvider cryptography)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (kind, data) = input.Length == 0 ? (0, []) : (input[0] % Kinds, input[1..]);
        var options = new TrustOptions { Revocation = RevocationMode.Required };
        try
        {
            var policy = Authority.WithOptions(kind switch { 0 => options with { Crls = [data] }, 1 => options, _ => options with { OcspResponses = [data] } });
            var operation = new CertificateVerificationOperation(policy, [Server], ServerName, CertificatePurpose.TlsServer, Time, cryptography)
            {
                StapledOcspResponse = kind == 1 ? data : default(ReadOnlyMemory<byte>?),
            };
            // The operation completes synchronously, so this waits for nothing.
            operation.RunAsync(default).AsTask().GetAwaiter().GetResult();
            return operation;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // The part that is not signed may be mutated: a response can contain more certificates, for example.
    private static bool ContainsSigned(byte[] input) =>
        Crls.Concat(Responses[..^1]).Any(sample => input.AsSpan().IndexOf(sample.Data.AsSpan()[sample.Signed]) >= 0);

    private static TrustPolicy CreatePolicy(byte[] root)
    {
        using var certificate = X509CertificateLoader.LoadCertificate(root);
        return TrustPolicy.FromAuthorities(certificate);
    }

    private sealed record Sample(byte[] Data, Range Signed);
}
