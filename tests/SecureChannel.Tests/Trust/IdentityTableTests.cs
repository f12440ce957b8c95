using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureChannel.Cryptography;

namespace SecureChannel.Tests;

public sealed class IdentityTableTests
{
    public static TheoryData<string> Rows => [.. IdentityTable.Rows.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Material_leads_to_the_identity_or_error_of_the_table(string name)
    {
        var row = IdentityTable.Rows[name];
        if (row.Kind is { } kind)
        {
            var exception = Assert.Throws<CertificateException>(() => row.Load().Dispose());
            Assert.Equal(kind, exception.Error.Kind);
            Assert.Contains(row.Text, exception.Message, StringComparison.Ordinal);
            Assert.Equal(exception.Error.Message, exception.Message);
            Assert.EndsWith(".", exception.Message, StringComparison.Ordinal);
            return;
        }

        using var identity = row.Load();
        Assert.Equal(row.Subject, identity.Certificate.GetNameInfo(X509NameType.SimpleName, false));
        Assert.Equal(row.Sent, identity.Intermediates.Select(certificate => certificate.GetNameInfo(X509NameType.SimpleName, false)));
        Assert.Equal([identity.Certificate.RawData, .. identity.Intermediates.Select(certificate => certificate.RawData)], identity.Chain.Select(der => der.ToArray()));
        Assert.Equal(row.Warnings, identity.Warnings.Select(warning => warning.Kind));
        if (row.Warnings.Length > 0)
            Assert.Contains(row.Text, identity.Warnings[0].Message, StringComparison.Ordinal);
        AssertKey(identity);
    }

    [Theory]
    [InlineData("p256.p12")]
    [InlineData("p256-nomac.p12")]
    [InlineData("p256-plain.p12")]
    [InlineData("p256-legacy.p12")]
    [InlineData("p256.pem")]
    [InlineData("p256.key")]
    [InlineData("p256-encrypted.key")]
    [InlineData("rsa-pkcs1.key")]
    [InlineData("p256-sec1.key")]
    [InlineData("ed25519.key")]
    public void Mutated_material_loads_or_throws_a_CertificateException(string name)
    {
        var random = new Random(19);
        var original = IdentityTable.Bytes(name);
        if (!name.EndsWith(".p12", StringComparison.Ordinal))
            original = IdentityTable.Der(name);
        var loaded = 0;
        for (var run = 0; run < 300; run++)
        {
            var mutated = original.ToArray();
            for (var change = random.Next(1, 4); change > 0; change--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (random.Next(8) == 0)
                mutated = mutated[..random.Next(mutated.Length)];
            var exception = Record.Exception(() => Load(name, mutated).Dispose());
            Assert.True(exception is null or CertificateException, $"run {run}: {exception}");
            loaded += exception is null ? 1 : 0;
        }

        Assert.InRange(loaded, 0, 299);
    }

    private static CertificateIdentity Load(string name, byte[] data) => Path.GetExtension(name) switch
    {
        ".p12" => CertificateIdentity.FromPkcs12(data, "secret"),
        ".pem" => CertificateIdentity.FromDer([data, IdentityTable.Der("intermediate.pem")], IdentityTable.Der("p256.key")),
        _ when name.Contains("encrypted", StringComparison.Ordinal) =>
            CertificateIdentity.FromEncryptedPem(IdentityTable.Chain("p256"), PemEncoding.WriteString("ENCRYPTED PRIVATE KEY", data), "secret"),
        _ => CertificateIdentity.FromDer([IdentityTable.Der(name.Split('-', '.')[0] + ".pem")], data),
    };

    [Fact]
    public void The_table_has_at_least_80_rows() => Assert.InRange(IdentityTable.Rows.Count, 80, int.MaxValue);

    [Fact]
    public void Files_are_read_with_the_key_in_the_same_file_or_in_another()
    {
        using var folder = new TemporaryFolder();
        var certificates = folder.Write("bank.pem", IdentityTable.Chain("p256"));
        var key = folder.Write("bank.key", IdentityTable.Read("p256.key"));
        var encrypted = folder.Write("encrypted.key", IdentityTable.Read("p256-encrypted.key"));
        var both = folder.Write("both.pem", IdentityTable.Read("p256.key") + IdentityTable.Chain("p256"));

        foreach (var identity in (CertificateIdentity[])[
            CertificateIdentity.FromPemFile(certificates, key), CertificateIdentity.FromPemFile(both), CertificateIdentity.FromPemFile(both, both),
            CertificateIdentity.FromEncryptedPemFile(certificates, encrypted, "secret"), CertificateIdentity.FromEncryptedPemFile(both, null, "secret")])
        {
            using (identity)
                Assert.Single(identity.Intermediates);
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Files_with_a_byte_order_mark_are_read(string encoding)
    {
        using var folder = new TemporaryFolder();
        var certificates = Path.Combine(folder.Name, "bank.pem");
        File.WriteAllText(certificates, IdentityTable.Chain("p256"), Encoding.GetEncoding(encoding));
        var key = Path.Combine(folder.Name, "bank.key");
        File.WriteAllText(key, IdentityTable.Read("p256.key"), Encoding.GetEncoding(encoding));

        using var identity = CertificateIdentity.FromPemFile(certificates, key);

        Assert.Single(identity.Intermediates);
    }

    [Fact]
    public void Errors_of_files_name_the_file()
    {
        using var folder = new TemporaryFolder();
        var certificates = folder.Write("bank.pem", IdentityTable.Chain("p256"));
        var encrypted = folder.Write("bank.key", IdentityTable.Read("p256-encrypted.key"));

        var exception = Assert.Throws<CertificateException>(() => CertificateIdentity.FromPemFile(certificates, encrypted));
        Assert.Equal($"'{encrypted}': The private key at line 1 is encrypted. Use 'FromEncryptedPem' or 'FromEncryptedPemFile' and pass the password.", exception.Message);
        exception = Assert.Throws<CertificateException>(() => CertificateIdentity.FromPemFile(IdentityTable.PathOf("p256.p12"), encrypted));
        Assert.Contains("p256.p12': The file is binary (DER or PKCS #12), not PEM text. Use 'FromPkcs12File'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_cannot_be_read_throw_an_IOException()
    {
        using var folder = new TemporaryFolder();
        var certificates = folder.Write("bank.pem", IdentityTable.Chain("p256"));

        Assert.Throws<FileNotFoundException>(() => CertificateIdentity.FromPemFile(Path.Combine(folder.Name, "missing.pem")));
        Assert.Throws<FileNotFoundException>(() => CertificateIdentity.FromPemFile(certificates, Path.Combine(folder.Name, "missing.key")));
        Assert.Throws<DirectoryNotFoundException>(() => CertificateIdentity.FromPkcs12File(Path.Combine(folder.Name, "missing", "bank.p12"), ""));
        Assert.Contains("is a folder. Pass the path of a file.", Assert.Throws<IOException>(() => CertificateIdentity.FromPemFile(folder.Name)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => CertificateIdentity.Watch(certificates, Path.Combine(folder.Name, "missing.key")));
    }

    [Fact]
    public void Empty_arguments_throw_an_ArgumentException()
    {
        Assert.Throws<ArgumentException>(() => CertificateIdentity.FromPemFile(""));
        Assert.Throws<ArgumentException>(() => CertificateIdentity.FromPkcs12File("", ""));
        Assert.Throws<ArgumentException>(() => CertificateIdentity.FromDer([], [1]));
        Assert.Throws<ArgumentException>(() => CertificateIdentity.FromStore(X509FindType.FindByThumbprint, ""));
        Assert.Throws<ArgumentException>(() => CertificateIdentity.Watch("", "bank.key"));
        Assert.Throws<ArgumentNullException>(() => CertificateIdentity.FromDer(null!, [1]));
        Assert.Throws<ArgumentNullException>(() => new CertificateIdentity(null!));
    }

    [Fact]
    public void An_OCSP_response_is_copied_and_bounded()
    {
        using var certificate = IdentityTable.WithKey("p256");
        var response = new byte[65_527];
        using var identity = new CertificateIdentity(certificate) { OcspResponse = response };
        response[0] = 1;

        Assert.Equal((65_527, 0), (identity.OcspResponse.Length, identity.OcspResponse.Span[0]));
        var exception = Assert.Throws<ArgumentException>(() => new CertificateIdentity(certificate) { OcspResponse = new byte[65_528] });
        Assert.StartsWith("'OcspResponse' has 65528 bytes, but at most 65527 are allowed.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_the_store_is_found_by_its_thumbprint()
    {
        using var withKey = IdentityTable.WithKey("p384");
        using var intermediate = IdentityTable.Certificate("intermediate");
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser, OpenFlags.ReadWrite);
        try
        {
            store.Add(X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.PersistKeySet));
            store.Add(intermediate);
            using var identity = CertificateIdentity.FromStore(X509FindType.FindByThumbprint, withKey.Thumbprint);

            Assert.Equal(withKey.RawData, identity.Certificate.RawData);
            Assert.Single(identity.Intermediates);
            AssertKey(identity);
            var exception = Assert.Throws<CertificateException>(() => CertificateIdentity.FromStore(X509FindType.FindByThumbprint, intermediate.Thumbprint));
            Assert.Equal((CertificateErrorKind.KeyMissing,
                "The store 'CurrentUser/My' contains the certificate, but not its private key. Import both, for example from a PKCS #12 file."),
                (exception.Error.Kind, exception.Message));
        }
        finally
        {
            store.Remove(withKey);
            store.Remove(intermediate);
        }
    }

    [Fact]
    public void A_certificate_that_the_store_does_not_contain_is_reported()
    {
        var thumbprint = new string('0', 40);

        var exception = Assert.Throws<CertificateException>(() => CertificateIdentity.FromStore(X509FindType.FindByThumbprint, thumbprint));

        Assert.Equal($"The store 'CurrentUser/My' contains no certificate with FindByThumbprint = '{thumbprint}'. Import the certificate and its private key.", exception.Message);
        Assert.Throws<ArgumentException>(() => CertificateIdentity.FromStore(X509FindType.FindByTimeValid, "now"));
    }

    private static void AssertKey(CertificateIdentity identity)
    {
        if (identity.Supports(CertificatePurpose.KeyTransportServer, out _))
        {
            Assert.NotNull(identity.KeyUnwrapper);
            Assert.False(identity.TryGetSigner(CryptographyProvider.Platform, out _, out var error));
            Assert.Equal(CertificateErrorKind.WrongUsage, error.Kind);
            return;
        }

        Assert.Null(identity.KeyUnwrapper);
        var isEd25519 = identity.Certificate.PublicKey.Oid.Value == EncodedKey.Ed25519;
        Assert.Equal(!isEd25519, identity.TryGetSigner(CryptographyProvider.Platform, out var signer, out var unsupported));
        Assert.Equal(isEd25519 ? CertificateErrorKind.UnsupportedKey : null, unsupported?.Kind);
        Assert.True(signer is null || signer.Schemes.Length > 0);
    }
}
