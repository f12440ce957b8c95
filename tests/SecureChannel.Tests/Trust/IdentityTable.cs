using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureChannel.Testing;

namespace SecureChannel.Tests;

/// <summary>A row of the identity table: what is loaded, and the expected identity or error.</summary>
/// <param name="Load">Loads the identity.</param>
/// <param name="Subject">The common name of the endpoint's certificate, or null if loading fails.</param>
/// <param name="Sent">The common names of the intermediate certificates, in order.</param>
/// <param name="Warnings">The kinds of the warnings.</param>
/// <param name="Kind">The kind of the error, or null if loading succeeds.</param>
/// <param name="Text">The text that the error or the first warning contains.</param>
internal sealed record IdentityRow(
    Func<CertificateIdentity> Load, string? Subject, string[] Sent, CertificateErrorKind[] Warnings, CertificateErrorKind? Kind, string Text);

/// <summary>The identity table: each kind of material with the identity or error that it leads to. OpenSSL created the files.</summary>
internal static class IdentityTable
{
    private const string Secret = "secret";

    public static readonly Dictionary<string, IdentityRow> Rows = new()
    {
        // Keys of all types.
        ["pem, RSA"] = Accepts(() => Pem("rsa", "rsa"), "rsa"),
        ["pem, P-256"] = Accepts(() => Pem("p256", "p256"), "p256"),
        ["pem, P-384"] = Accepts(() => Pem("p384", "p384"), "p384"),
        ["pem, P-521"] = Accepts(() => Pem("p521", "p521"), "p521"),
        ["pem, Ed25519"] = Accepts(() => Pem("ed25519", "ed25519"), "ed25519"),
        ["pem, RSASSA-PSS"] = Accepts(() => Pem("pss", "pss"), "pss"),
        ["pem, RSASSA-PSS for SHA-256"] = Accepts(() => Pem("pss-restricted", "pss-restricted"), "pss-restricted"),
        ["pem, key transport"] = Accepts(() => Pem("wrapping", "wrapping"), "wrapping"),
        ["pem, client"] = Accepts(() => Pem("client", "client"), "client"),
        ["pem, self-signed end entity"] = Accepts(() => Load(Read("self.pem"), Read("self.key")), "self", []),

        // Encodings of keys.
        ["key, PKCS #1"] = Accepts(() => Pem("rsa", "rsa-pkcs1"), "rsa"),
        ["key, SEC 1"] = Accepts(() => Pem("p256", "p256-sec1"), "p256"),
        ["key, SEC 1 after EC PARAMETERS"] = Accepts(() => Pem("p256", "p256-parameters"), "p256"),
        ["key, encrypted without a password"] = Fails(() => Pem("rsa", "rsa-encrypted"), CertificateErrorKind.WrongPassword,
            "The private key at line 1 is encrypted. Use 'FromEncryptedPem' or 'FromEncryptedPemFile' and pass the password."),
        ["key, encrypted RSA"] = Accepts(() => Encrypted("rsa", "rsa-encrypted"), "rsa"),
        ["key, encrypted P-256"] = Accepts(() => Encrypted("p256", "p256-encrypted"), "p256"),
        ["key, encrypted Ed25519"] = Accepts(() => Encrypted("ed25519", "ed25519-encrypted"), "ed25519"),
        ["key, encrypted RSASSA-PSS"] = Accepts(() => Encrypted("pss", "pss-encrypted"), "pss"),
        ["key, AES-128 and HMAC-SHA512"] = Accepts(() => Encrypted("p256", "p256-aes128-sha512"), "p256"),
        ["key, AES-192 and HMAC-SHA1"] = Accepts(() => Encrypted("p256", "p256-aes192-sha1"), "p256"),
        ["key, PBES2 with triple DES"] = Accepts(() => Encrypted("p256", "p256-des3"), "p256"),
        ["key, PKCS #12 encryption with triple DES"] = Accepts(() => Encrypted("p256", "p256-pbe-3des"), "p256"),
        ["key, PKCS #12 encryption with two-key triple DES"] = Accepts(() => Encrypted("p256", "p256-pbe-2des"), "p256"),
        ["key, scrypt"] = Fails(() => Encrypted("p256", "p256-scrypt"), CertificateErrorKind.UnsupportedKey,
            "The password-based encryption uses scrypt, which is not supported."),
        ["key, MD5 and DES"] = Fails(() => Encrypted("p256", "p256-md5"), CertificateErrorKind.UnsupportedKey,
            "The password-based encryption uses 1.2.840.113549.1.5.3, which is not supported."),
        ["key, wrong password"] = Fails(() => Encrypted("rsa", "rsa-encrypted", "wrong"), CertificateErrorKind.WrongPassword,
            "The private key cannot be decrypted: the password is wrong, or the data is damaged."),
        ["key, wrong password of Ed25519"] = Fails(() => Encrypted("ed25519", "ed25519-encrypted", "wrong"), CertificateErrorKind.WrongPassword,
            "The private key cannot be decrypted: the password is wrong, or the data is damaged."),
        ["key, empty password"] = Fails(() => Encrypted("p256", "p256-encrypted", ""), CertificateErrorKind.WrongPassword,
            "The private key cannot be decrypted: the password is wrong, or the data is damaged."),
        ["key, password of a key that is not encrypted"] = Accepts(() => Encrypted("p256", "p256"), "p256"),
        ["key, traditional encryption of RSA"] = Fails(() => Pem("rsa", "rsa-traditional"), CertificateErrorKind.UnsupportedKey,
            "The block 'RSA PRIVATE KEY' at line 1 uses the traditional encryption of OpenSSL, which is not supported. "
            + "Convert the key with: openssl pkcs8 -topk8 -in key.pem -out key.p8.pem."),
        ["key, traditional encryption of EC with its password"] = Fails(() => Encrypted("p256", "p256-traditional"), CertificateErrorKind.UnsupportedKey,
            "uses the traditional encryption of OpenSSL"),
        ["key, DSA"] = Fails(() => Pem("p256", "dsa"), CertificateErrorKind.UnsupportedKey, "The block 'DSA PRIVATE KEY' at line 1 is not supported."),
        ["key, OpenSSH"] = Fails(() => Load(Chain("p256"), Block("OPENSSH PRIVATE KEY")), CertificateErrorKind.UnsupportedKey,
            "has the format of OpenSSH, which is not supported. Convert it with: ssh-keygen -p -m PKCS8 -f key."),
        ["key, explicit curve parameters"] = Fails(() => Pem("p256", "p256-explicit"), CertificateErrorKind.UnsupportedKey,
            "The private key has explicit curve parameters. Convert it with: openssl pkey -in key.pem -ec_param_enc named_curve -out named.pem."),
        ["key, Ed448"] = Fails(() => Pem("p256", "ed448"), CertificateErrorKind.UnsupportedKey, "The private key has the algorithm 1.3.101.113, which is not supported."),
        ["key, RSA key in PKCS #8 that is cut"] = Fails(() => Load(Chain("rsa"), Cut("rsa.key")), CertificateErrorKind.Malformed,
            "The private key is not valid PKCS #8 (RFC 5958). Restore it from its source."),
        ["key, PKCS #1 that is cut"] = Fails(() => Load(Chain("rsa"), Cut("rsa-pkcs1.key")), CertificateErrorKind.Malformed, "The RSA private key is malformed"),
        ["key, SEC 1 that is cut"] = Fails(() => Load(Chain("p256"), Cut("p256-sec1.key")), CertificateErrorKind.Malformed, "The EC private key is malformed"),
        ["key, encrypted key that is cut"] = Fails(() => CertificateIdentity.FromEncryptedPem(Chain("p256"), Cut("p256-encrypted.key"), Secret),
            CertificateErrorKind.Malformed, "The encrypted private key is malformed (RFC 5958 section 3)."),
        ["key, damaged RSA prime"] = Fails(() => Load(Chain("rsa"), DamagedRsaKey()), CertificateErrorKind.KeyMismatch,
            "The certificate 'CN=rsa' does not match the private key."),

        // Several keys, and keys in the wrong place.
        ["key, of another certificate"] = Fails(() => Load(Read("rsa.pem"), Read("rsa-second.key")), CertificateErrorKind.KeyMismatch,
            "The certificate 'CN=rsa' does not match the private key. Use the private key of this certificate."),
        ["key, of another type"] = Fails(() => Load(Read("p256.pem"), Read("rsa.key")), CertificateErrorKind.KeyMismatch,
            "The certificate 'CN=p256' does not match the private key."),
        ["key, of another curve"] = Fails(() => Load(Read("p256.pem"), Read("p384.key")), CertificateErrorKind.KeyMismatch,
            "The certificate 'CN=p256' does not match the private key."),
        ["key, of none of several certificates"] = Fails(() => Pem("rsa", "rsa-second"), CertificateErrorKind.KeyMismatch,
            "None of the 2 certificates matches the private key. Use the private key of the endpoint's certificate."),
        ["key, none of several"] = Fails(() => Load(Chain("p256"), Read("rsa.key") + Read("p384.key")), CertificateErrorKind.KeyMismatch,
            "None of the 2 certificates matches one of the 2 private keys."),
        ["key, second of several"] = Accepts(() => Load(Chain("rsa"), Read("rsa-second.key") + Read("p256.key") + Read("rsa.key")), "rsa"),
        ["key, among unsupported keys"] = Accepts(() => Load(Chain("rsa"), Read("dsa.key") + Read("rsa.key")), "rsa"),
        ["key, second of several Ed25519 keys"] = Accepts(() => Load(Chain("ed25519"), Read("ed25519-second.key") + Read("ed25519.key")), "ed25519"),
        ["key, missing beside certificates"] = Fails(() => Load(Chain("rsa"), Read("rsa.pem")), CertificateErrorKind.KeyMissing,
            "The text contains certificates but no private key. Pass the text with the block 'PRIVATE KEY'."),
        ["key, public"] = Fails(() => Pem("p256", "p256-public"), CertificateErrorKind.KeyMissing,
            "The text contains a public key in place of a private key. Pass the text with the block 'PRIVATE KEY'."),
        ["key, empty"] = Fails(() => Load(Chain("p256"), ""), CertificateErrorKind.KeyMissing, "The text of the private key is empty."),
        ["key, a path"] = Fails(() => Load(Chain("p256"), "/etc/bank/bank.key"), CertificateErrorKind.KeyMissing,
            "The private key is the path of a file. Use the method whose name ends in 'File', or pass the content of the file."),
        ["key, no PEM"] = Fails(() => Load(Chain("p256"), "no\nkey"), CertificateErrorKind.KeyMissing, "The text contains no PEM block. Expected a block 'PRIVATE KEY'."),
        ["key, a certificate request"] = Fails(() => Load(Chain("p256"), Read("p256-request.pem")), CertificateErrorKind.KeyMissing,
            "The text contains no private key, but 'CERTIFICATE REQUEST'."),

        // Layouts of certificates.
        ["text, intermediate first"] = Accepts(() => Load(Read("intermediate.pem") + Read("p256.pem"), Read("p256.key")), "p256"),
        ["text, root is not sent"] = Accepts(() => Load(Read("root.pem") + Chain("p256"), Read("p256.key")), "p256"),
        ["text, root without the intermediate"] = Accepts(() => Load(Read("p256.pem") + Read("root.pem"), Read("p256.key")), "p256", []),
        ["text, certificate twice"] = Accepts(() => Load(Chain("p256") + Chain("p256"), Read("p256.key")), "p256"),
        ["text, CRLF"] = Accepts(() => Load(Chain("p256").ReplaceLineEndings("\r\n"), Read("p256.key").ReplaceLineEndings("\r\n")), "p256"),
        ["text, CR"] = Accepts(() => Load(Chain("p256").ReplaceLineEndings("\r"), Read("p256.key").ReplaceLineEndings("\r")), "p256"),
        ["text, byte order mark"] = Accepts(() => Load('\uFEFF' + Chain("p256"), '\uFEFF' + Read("p256.key")), "p256"),
        ["text, byte order mark of a joined file"] = Accepts(() => Load(Read("p256.pem") + '\uFEFF' + Read("intermediate.pem"), Read("p256.key")), "p256"),
        ["text, comments"] = Accepts(() => Load("# bank\nsubject=CN = p256\n" + Chain("p256") + "issuer=\n", "Bag Attributes\n" + Read("p256.key")), "p256"),
        ["text, indented"] = Accepts(() => Load("  " + Chain("p256").Replace("\n", "\n  "), Read("p256.key")), "p256"),
        ["text, on one line"] = Accepts(() => Load(Chain("p256").ReplaceLineEndings(" "), Read("p256.key").ReplaceLineEndings(" ")), "p256"),
        ["text, joined without a line break"] = Accepts(() => Load(Read("p256.pem").TrimEnd() + Read("intermediate.pem"), Read("p256.key")), "p256"),
        ["text, TRUSTED CERTIFICATE"] = Accepts(() => Load(Read("p256-trusted.pem") + Read("intermediate.pem"), Read("p256.key")), "p256"),
        ["text, X509 CERTIFICATE"] = Accepts(() => Load(Chain("p256").Replace("CERTIFICATE", "X509 CERTIFICATE"), Read("p256.key")), "p256"),
        ["text, key beside the certificates"] = Accepts(() => Load(Read("p256.key") + Chain("p256"), Read("p256.key") + Chain("p256")), "p256"),
        ["text, escaped line breaks"] = Fails(() => Load(Chain("p256").ReplaceLineEndings("\\n"), Read("p256.key")), CertificateErrorKind.Malformed,
            "The block 'CERTIFICATE' at line 1 contains a backslash. Replace each '\\n' by a line break."),
        ["text, damaged block among good ones"] = Fails(() => Load(Read("p256.pem") + Damage(Read("intermediate.pem")), Read("p256.key")),
            CertificateErrorKind.Malformed, "The block 'CERTIFICATE' at line 13 is not valid base64. Restore the text from its source."),
        ["text, cut certificate among good ones"] = Fails(() => Load(Read("p256.pem") + Cut("intermediate.pem"), Read("p256.key")),
            CertificateErrorKind.Malformed, "The block 'CERTIFICATE' at line 13 is not a certificate in DER. Restore it from its source."),
        ["text, without END"] = Fails(() => Load(Read("p256.pem").Replace("-----END CERTIFICATE-----", ""), Read("p256.key")), CertificateErrorKind.Malformed,
            "The block 'CERTIFICATE' at line 1 has no END line. The text is truncated; restore it from its source."),
        ["text, without END before another block"] = Fails(() => Load(Read("p256.pem").Replace("-----END CERTIFICATE-----", "") + Read("intermediate.pem"), Read("p256.key")),
            CertificateErrorKind.Malformed, "The block 'CERTIFICATE' at line 1 has no END line."),
        ["text, without BEGIN"] = Fails(() => Load(Read("p256.pem").Replace("-----BEGIN CERTIFICATE-----", ""), Read("p256.key")), CertificateErrorKind.Malformed,
            "has no BEGIN line. Restore the text from its source."),
        ["text, another label at END"] = Fails(() => Load(Read("p256.pem").Replace("-----END CERTIFICATE", "-----END CERT"), Read("p256.key")),
            CertificateErrorKind.Malformed, "The block 'CERTIFICATE' at line 1 has an END line with another label."),
        ["text, incomplete BEGIN"] = Fails(() => Load(Read("p256.pem").Replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE--"), Read("p256.key")),
            CertificateErrorKind.Malformed, "The BEGIN line at line 1 is incomplete. It must end with five hyphens."),
        ["text, headers"] = Fails(() => Load(Read("p256.pem").Replace("-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nName: bank"), Read("p256.key")),
            CertificateErrorKind.Malformed, "The block 'CERTIFICATE' at line 1 has headers, which are not supported."),
        ["text, private key in place of certificates"] = Fails(() => Load(Read("p256.key"), Read("p256.key")), CertificateErrorKind.Malformed,
            "The text contains a private key in place of certificates. Pass the text with the blocks 'CERTIFICATE'."),
        ["text, a path"] = Fails(() => Load("certificates/bank.pem", Read("p256.key")), CertificateErrorKind.Malformed,
            "The text is the path of a file. Use the method whose name ends in 'File', or pass the content of the file."),
        ["text, a path without a folder"] = Fails(() => Load("bank.pem", Read("p256.key")), CertificateErrorKind.Malformed, "The text is the path of a file."),
        ["text, empty"] = Fails(() => Load(" \n", Read("p256.key")), CertificateErrorKind.Malformed, "The text is empty. Expected at least one block 'CERTIFICATE'."),
        ["text, no PEM"] = Fails(() => Load("no\ncertificate", Read("p256.key")), CertificateErrorKind.Malformed, "The text contains no PEM block."),
        ["text, certificate request"] = Fails(() => Load(Read("p256-request.pem"), Read("p256.key")), CertificateErrorKind.Malformed,
            "The text contains a certificate request. Pass the certificate that the authority issued for the request."),
        ["text, PKCS #7"] = Fails(() => Load(Read("p256-pkcs7.pem"), Read("p256.key")), CertificateErrorKind.Malformed,
            "The text contains PKCS #7 data. Convert it with: openssl pkcs7 -in certificates.p7b -print_certs -out certificates.pem."),
        ["text, other blocks only"] = Fails(() => Load(Block("X509 CRL"), Read("p256.key")), CertificateErrorKind.Malformed, "The text contains no certificate, but 'X509 CRL'."),

        // Certificates that no peer accepts, and certificates that some peers do not accept.
        ["certificate, short RSA key"] = Fails(() => Pem("weak", "weak"), CertificateErrorKind.WeakKey,
            "The certificate 'CN=weak' has an RSA key of 1024 bits, but at least 2048 are required. Issue a certificate for a longer key."),
        ["certificate, unsupported curve"] = Fails(() => Pem("k256", "k256"), CertificateErrorKind.KeyMismatch, "None of the 2 certificates matches the private key."),
        ["certificate, SHA-1 signature"] = Fails(() => Pem("sha1", "sha1"), CertificateErrorKind.WeakSignature,
            "The certificate 'CN=sha1' is signed with an algorithm that is not accepted."),
        ["certificate, for code signing"] = Fails(() => Pem("code", "code"), CertificateErrorKind.WrongUsage,
            "The certificate 'CN=code' does not allow the purpose TlsServer: its extended key usage lacks 1.3.6.1.5.5.7.3.1."),
        ["certificate, without digitalSignature"] = Fails(() => Pem("agreement", "agreement"), CertificateErrorKind.WrongUsage,
            "The certificate 'CN=agreement' does not allow signatures: its key usage lacks digitalSignature."),
        ["certificate, of an authority"] = Fails(() => Load(Read("authority.pem"), Read("authority.key")), CertificateErrorKind.WrongUsage,
            "The certificate 'CN=authority' belongs to an authority, which must not identify a peer."),
        ["certificate, expired"] = Accepts(() => Pem("expired", "expired"), "expired", ["intermediate"], "The certificate 'CN=expired' expired at 2021-01-01 00:00:00Z. Renew it.",
            CertificateErrorKind.Expired),
        ["certificate, without names"] = Accepts(() => Pem("nameless", "nameless"), "nameless", ["intermediate"],
            "The certificate 'CN=nameless' has no subject alternative names, and clients ignore the common name.", CertificateErrorKind.NameMismatch),
        ["chain, missing intermediate"] = Accepts(() => Load(Read("aia.pem"), Read("aia.key")), "aia", [],
            "The certificate 'CN=aia' is issued by 'CN=intermediate', whose certificate was not given. Add the intermediate certificate",
            CertificateErrorKind.UnknownAuthority),
        ["chain, intermediate signed with SHA-1"] = Accepts(() => Load(Read("below-old.pem") + Read("old.pem"), Read("below-old.key")), "below-old", ["old"],
            "The certificate 'CN=old' is signed with SHA-1 or MD5, which peers do not accept. Issue it again with SHA-256.", CertificateErrorKind.WeakSignature),
        ["chain, issued directly"] = Accepts(() => Load(Read("p256.pem"), Read("p256.key")), "p256", []),
        ["chain, unrelated intermediate"] = Accepts(() => Load(Chain("p256") + Read("other.pem"), Read("p256.key")), "p256", ["intermediate"],
            "The certificate 'CN=other' is not an issuer in the certification path of 'CN=p256' and is not sent.", CertificateErrorKind.UnknownAuthority),
        ["chain, certificate of another identity"] = Accepts(() => Load(Chain("p256") + Read("rsa.pem"), Read("p256.key")), "p256", ["intermediate"],
            "The certificate 'CN=rsa' is not an issuer in the certification path of 'CN=p256'", CertificateErrorKind.UnknownAuthority),

        // PKCS #12.
        ["p12, RSA"] = Accepts(() => P12("rsa"), "rsa"),
        ["p12, P-256"] = Accepts(() => P12("p256"), "p256"),
        ["p12, Ed25519"] = Accepts(() => P12("ed25519"), "ed25519"),
        ["p12, RSASSA-PSS"] = Accepts(() => P12("pss"), "pss"),
        ["p12, key transport"] = Accepts(() => P12("wrapping"), "wrapping"),
        ["p12, leaf is not first"] = Accepts(ReversedP12, "rsa"),
        ["p12, triple DES and HMAC-SHA1"] = Accepts(() => P12("p256-legacy"), "p256"),
        ["p12, AES-128 and HMAC-SHA512"] = Accepts(() => P12("p256-sha512"), "p256"),
        ["p12, without a MAC"] = Accepts(() => P12("p256-nomac"), "p256"),
        ["p12, key that is not encrypted"] = Accepts(() => P12("p256-plain"), "p256"),
        ["p12, empty password"] = Accepts(() => P12("p256-empty", ""), "p256"),
        ["p12, RC2"] = Fails(() => P12("p256-rc2"), CertificateErrorKind.UnsupportedKey, "The password-based encryption uses RC2, which is not supported."),
        ["p12, wrong password"] = Fails(() => P12("p256", "wrong"), CertificateErrorKind.WrongPassword,
            "The PKCS #12 data cannot be verified: the password is wrong, or the data is damaged."),
        ["p12, missing password"] = Fails(() => P12("p256", ""), CertificateErrorKind.WrongPassword, "The PKCS #12 data is encrypted. Pass its password."),
        ["p12, wrong password without a MAC"] = Fails(() => P12("p256-nomac", "wrong"), CertificateErrorKind.WrongPassword,
            "The private key cannot be decrypted: the password is wrong, or the data is damaged."),
        ["p12, without a key"] = Fails(() => P12("p256-nokey"), CertificateErrorKind.KeyMissing,
            "The PKCS #12 data contains no private key. Export the certificate together with its key."),
        ["p12, without a certificate"] = Fails(() => P12("p256-nocertificate"), CertificateErrorKind.Malformed,
            "The PKCS #12 data contains no certificate. Export the private key together with its certificate."),
        ["p12, empty"] = Fails(() => CertificateIdentity.FromPkcs12([], ""), CertificateErrorKind.Malformed, "The PKCS #12 data is empty."),
        ["p12, PEM"] = Fails(() => CertificateIdentity.FromPkcs12(Encoding.UTF8.GetBytes(Chain("p256")), ""), CertificateErrorKind.Malformed,
            "The data is PEM text, not PKCS #12. Use 'FromPem' or 'FromPemFile'."),
        ["p12, certificate in DER"] = Fails(() => CertificateIdentity.FromPkcs12(Der("p256.pem"), ""), CertificateErrorKind.Malformed,
            "The data is a certificate without a private key, not PKCS #12. Use 'FromDer' and pass the private key."),
        ["p12, random data"] = Fails(() => CertificateIdentity.FromPkcs12("random"u8, ""), CertificateErrorKind.Malformed,
            "The data is not PKCS #12 (RFC 7292), or it is damaged. Restore it from its source."),
        ["p12, cut"] = Fails(() => CertificateIdentity.FromPkcs12(Bytes("p256.p12").AsSpan(0, 500), Secret), CertificateErrorKind.Malformed, "The data is not PKCS #12"),

        // DER and X509Certificate2.
        ["der, PKCS #8"] = Accepts(() => FromDer("p256", "p256.key"), "p256"),
        ["der, PKCS #1"] = Accepts(() => FromDer("rsa", "rsa-pkcs1.key"), "rsa"),
        ["der, SEC 1"] = Accepts(() => FromDer("p256", "p256-sec1.key"), "p256"),
        ["der, Ed25519"] = Accepts(() => FromDer("ed25519", "ed25519.key"), "ed25519"),
        ["der, encrypted key"] = Fails(() => FromDer("p256", "p256-encrypted.key"), CertificateErrorKind.WrongPassword, "The private key is encrypted. Convert it to PEM"),
        ["der, PEM as a key"] = Fails(() => CertificateIdentity.FromDer([Der("p256.pem")], Bytes("p256.key")), CertificateErrorKind.Malformed,
            "The private key is PEM text, not DER. Use 'FromPem' or 'FromPemFile'."),
        ["der, empty key"] = Fails(() => CertificateIdentity.FromDer([Der("p256.pem")], []), CertificateErrorKind.KeyMissing, "The private key is empty. Pass a PKCS #8 key."),
        ["der, second certificate is damaged"] = Fails(() => CertificateIdentity.FromDer([Der("p256.pem"), new byte[20]], Der("p256.key")),
            CertificateErrorKind.Malformed, "Certificate 2 is not a certificate in DER."),
        ["der, certificate and other data"] = Fails(() => CertificateIdentity.FromDer([(byte[])[.. Der("p256.pem"), 0]], Der("p256.key")),
            CertificateErrorKind.Malformed, "Certificate 1 is not a certificate in DER."),
        ["object, with a key"] = Accepts(() => new CertificateIdentity(WithKey("rsa"), [Certificate("intermediate")]), "rsa"),
        ["object, without a key"] = Fails(() => new CertificateIdentity(Certificate("p256")), CertificateErrorKind.KeyMissing,
            "The certificate 'CN=p256' has no private key. Provide the key as PEM, use a PKCS #12 file that contains both"),
        ["object, intermediates in any order"] = Accepts(() => new CertificateIdentity(WithKey("rsa"), [Certificate("root"), Certificate("intermediate")]), "rsa"),
    };

    public static string PathOf(string name) => Repository.PathOf("tests", "Vectors", "Identities", name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public static string Chain(string name) => Read(name + ".pem") + Read("intermediate.pem");

    public static X509Certificate2 Certificate(string name) => X509CertificateLoader.LoadCertificate(Der(name + ".pem"));

    public static X509Certificate2 WithKey(string name) => X509Certificate2.CreateFromPem(Read(name + ".pem"), Read(name + ".key"));

    private static IdentityRow Accepts(Func<CertificateIdentity> load, string subject) => Accepts(load, subject, ["intermediate"]);

    private static IdentityRow Accepts(Func<CertificateIdentity> load, string subject, string[] sent, string warning = "", params CertificateErrorKind[] warnings) =>
        new(load, subject, sent, warnings, null, warning);

    private static IdentityRow Fails(Func<CertificateIdentity> load, CertificateErrorKind kind, string text) => new(load, null, [], [], kind, text);

    private static CertificateIdentity Load(string certificates, string key) => CertificateIdentity.FromPem(certificates, key);

    private static CertificateIdentity Pem(string certificate, string key) => Load(Chain(certificate), Read(key + ".key"));

    private static CertificateIdentity Encrypted(string certificate, string key, string password = Secret) =>
        CertificateIdentity.FromEncryptedPem(Chain(certificate), Read(key + ".key"), password);

    private static CertificateIdentity P12(string name, string password = Secret) => CertificateIdentity.FromPkcs12File(PathOf(name + ".p12"), password);

    private static CertificateIdentity ReversedP12()
    {
        var collection = new X509Certificate2Collection { Certificate("root"), Certificate("intermediate"), WithKey("rsa") };
        return CertificateIdentity.FromPkcs12(collection.Export(X509ContentType.Pkcs12, Secret)!, Secret);
    }

    private static CertificateIdentity FromDer(string certificate, string key) =>
        CertificateIdentity.FromDer([Der("intermediate.pem"), Der(certificate + ".pem")], Der(key));

    public static byte[] Der(string name)
    {
        var text = Read(name);
        return Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
    }

    private static string Cut(string name)
    {
        var text = Read(name);
        return PemEncoding.WriteString(text[PemEncoding.Find(text).Label], Der(name).AsSpan(..^10));
    }

    private static string Damage(string pem) => pem.Insert(pem.Length / 2, "!");

    private static string Block(string label) => PemEncoding.WriteString(label, new byte[40]);

    // The modulus is right, so that only a signature reveals the damage.
    private static string DamagedRsaKey()
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(Read("rsa.key"));
        var parameters = rsa.ExportParameters(true);
        var encoded = rsa.ExportRSAPrivateKey();
        var exponent = encoded.AsSpan().IndexOf(parameters.DP);
        encoded[exponent + 8] ^= 1;
        return PemEncoding.WriteString("RSA PRIVATE KEY", encoded);
    }
}
