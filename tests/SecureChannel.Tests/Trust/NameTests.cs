using System.Security.Cryptography.X509Certificates;
using System.Text;
using SecureChannel.Testing;
using static SecureChannel.Tests.ChainHarness;

namespace SecureChannel.Tests;

/// <summary>The names of peers: each requested name against each name in a certificate, and the names that no certificate can have.</summary>
public sealed class NameTests
{
    /// <summary>The names in certificates. Each begins with its type.</summary>
    private static readonly string[] Presented =
    [
        "dns:bank.example", "dns:*.bank.example", "dns:BANK.Example", "dns:www.bank.example", "dns:*.example", "dns:xn--bcher-kva.example",
        "dns:_service.bank.example", "dns:192.0.2.7", "ip:192.0.2.7", "ip:2001:db8::7", "ip:::ffff:192.0.2.7", "uri:https://bank.example/",
    ];

    /// <summary>The requested names with the presented names that match.</summary>
    private static readonly (string Requested, string[] Matching)[] Requested =
    [
        ("bank.example", ["dns:bank.example", "dns:BANK.Example", "dns:*.example"]),
        ("bank.example.", ["dns:bank.example", "dns:BANK.Example", "dns:*.example"]),
        ("Bank.EXAMPLE", ["dns:bank.example", "dns:BANK.Example", "dns:*.example"]),
        ("www.bank.example", ["dns:*.bank.example", "dns:www.bank.example"]),
        ("WWW.bank.example", ["dns:*.bank.example", "dns:www.bank.example"]),
        ("a.www.bank.example", []),
        ("example", []),
        ("notbank.example", ["dns:*.example"]),
        ("bank.example.org", []),
        ("_service.bank.example", ["dns:*.bank.example", "dns:_service.bank.example"]),
        ("bücher.example", ["dns:xn--bcher-kva.example", "dns:*.example"]),
        ("BÜCHER.example", ["dns:xn--bcher-kva.example", "dns:*.example"]),
        ("xn--bcher-kva.example", ["dns:xn--bcher-kva.example", "dns:*.example"]),
        ("192.0.2.7", ["ip:192.0.2.7"]),
        ("192.0.2.8", []),
        ("2001:db8::7", ["ip:2001:db8::7"]),
        ("2001:DB8:0:0:0:0:0:7", ["ip:2001:db8::7"]),
        ("::ffff:192.0.2.7", ["ip:::ffff:192.0.2.7"]),
        ("2001:db8::8", []),
    ];

    /// <summary>Gets more than 180 rows: a requested name, a presented name and the result.</summary>
    public static TheoryData<string, string, bool> Table
    {
        get
        {
            var rows = new TheoryData<string, string, bool>();
            foreach (var (requested, matching) in Requested)
            {
                foreach (var presented in Presented)
                    rows.Add(requested, presented, matching.Contains(presented));
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Table))]
    public void A_requested_name_matches_a_presented_name_or_does_not(string requested, string presented, bool matches)
    {
        var error = Verify(requested, CertificatePurpose.TlsServer, Trusted, [WithName(presented).RawDataMemory]);
        Assert.Equal(matches ? null : CertificateErrorKind.NameMismatch, error?.Certificate?.Kind);
    }

    [Theory]
    [InlineData("dns:bank.example.", "a trailing dot")]
    [InlineData("dns:*.bank.example.", "a trailing dot")]
    [InlineData("dns:bank..example", "an empty label")]
    [InlineData("dns:.bank.example", "an empty label")]
    [InlineData("dns:", "an empty name")]
    [InlineData("dns:*", "an asterisk alone")]
    [InlineData("dns:*.", "an asterisk alone")]
    [InlineData("dns:b*.example", "an asterisk within a label")]
    [InlineData("dns:*bank.example", "an asterisk within a label")]
    [InlineData("dns:www.*.example", "an asterisk that is not left-most")]
    [InlineData("dns:*.*.example", "two asterisks")]
    [InlineData("dns:-bank.example", "a hyphen at the start of a label")]
    [InlineData("dns:bank-.example", "a hyphen at the end of a label")]
    [InlineData("dns:bank example", "a space")]
    [InlineData("dns:bank\0.example", "a null character")]
    [InlineData("dns:bücher.example", "a letter that is not ASCII")]
    [InlineData("ip:12", "an address of 2 bytes")]
    public void A_certificate_with_a_malformed_name_is_rejected(string presented, string fault)
    {
        var error = Verify("bank.example", CertificatePurpose.TlsServer, Trusted, [WithName("dns:bank.example", presented).RawDataMemory]);
        Assert.True(error?.Certificate?.Kind == CertificateErrorKind.Malformed, fault);
        Assert.Contains("has malformed subject alternative names", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("bank..example")]
    [InlineData("bank.example..")]
    [InlineData(".bank.example")]
    [InlineData("*.bank.example")]
    [InlineData("bank.example:7443")]
    [InlineData("https://bank.example")]
    [InlineData("bank example")]
    [InlineData("-bank.example")]
    [InlineData("bank-.example")]
    [InlineData("127.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("192.0.2.07")]
    [InlineData("192.0.2.256")]
    [InlineData("0x7f.1")]
    [InlineData("0x7f000001")]
    [InlineData("2130706433")]
    [InlineData("[2001:db8::7]")]
    [InlineData("fe80::1%")]
    [InlineData("[fe80::1%1]")]
    [InlineData("bank.example%1")]
    [InlineData("2001:db8::g")]
    [InlineData("bank\u3002example")]
    [InlineData("b\u00A0nk.example")]
    [InlineData("\uD800.example")]
    public void A_server_name_that_no_certificate_can_have_is_refused_when_a_session_is_created(string name)
    {
        Assert.Null(ReferenceName.Parse(name));
        if (name.Length == 0)
            return;
        var options = new ClientOptions { Trust = Trusted, ServerName = name };
        var error = Assert.Throws<ArgumentException>(() => SecureSession.Create(new MemoryStream(), options));
        Assert.Contains("is not a DNS name or IP address. Set 'ServerName' to a name in the server's certificate.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fe80::1%1")]
    [InlineData("fe80::1%eth0")]
    public void A_certificate_name_has_no_scope_of_an_IPv6_address(string name)
    {
        Assert.Null(ReferenceName.Parse(name));
        Assert.Equal("fe80::1", ClientOptions.ToCertificateName(name, nameof(name)));
    }

    [Fact]
    public void A_label_of_64_bytes_and_a_name_of_254_bytes_are_refused()
    {
        Assert.NotNull(ReferenceName.Parse(new string('a', 63) + ".example"));
        Assert.Null(ReferenceName.Parse(new string('a', 64) + ".example"));
        var longest = string.Join('.', [.. Enumerable.Repeat(new string('a', 63), 3), new string('a', 61)]);
        Assert.NotNull(ReferenceName.Parse(longest));
        Assert.Null(ReferenceName.Parse(longest + "a"));
    }

    [Theory]
    [InlineData("bücher", "xn--bcher-kva")]
    [InlineData("münchen-ost", "xn--mnchen-ost-9db")]
    [InlineData("例え", "xn--r8jz45g")]
    [InlineData("他们为什么不说中文", "xn--ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("почемужеонинеговорятпорусски", "xn--b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("пример", "xn--e1afmkfd")]
    [InlineData("fuß", "xn--fu-hia")]
    public void An_international_label_is_converted_as_RFC_3492_describes(string label, string ascii) =>
        Assert.Equal($"{ascii}.example", Encoding.ASCII.GetString(ReferenceName.Parse($"{label}.example")!.Value));

    // The letters whose case mapping depends on the version or the absence of the platform's culture data.
    [Theory]
    [InlineData("\u1C89.example")]
    [InlineData("\uA7CB.example")]
    [InlineData("\uA7DA.example")]
    [InlineData("\uA7DC.example")]
    [InlineData("\U00010D50.example")]
    [InlineData("\u10A0.example")]
    public void A_capital_letter_without_a_stable_case_mapping_is_refused(string name) => Assert.Null(ReferenceName.Parse(name));

    [Fact]
    public void Case_folding_does_not_depend_on_the_culture_data_of_the_platform()
    {
        var pairs = new StringBuilder();
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            if (Rune.IsValid(value) && CaseFolding.ToLower(new Rune(value)).Value is var lower && lower != value)
                pairs.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value:X}>{lower:X};");
        }

        var hash = System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(pairs.ToString()));
        Assert.Equal("F32479C1F3AC86E98AE29A45037A979246A67ECF9DE0D273D66F2068AE651A64", Convert.ToHexString(hash));
        Assert.Equal("\u00FC\u1EBFs", CaseFolding.ToLower("\u00DC\u1EBE\u017F"));
    }

    private static X509Certificate2 WithName(params string[] names)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var name in names)
            {
                var (type, value) = (name[..name.IndexOf(':')], name[(name.IndexOf(':') + 1)..]);
                var (tag, bytes) = type switch
                {
                    "dns" => (2, Encoding.Latin1.GetBytes(value)),
                    "uri" => (6, Encoding.ASCII.GetBytes(value)),
                    _ => (7, value == "12" ? [1, 2] : System.Net.IPAddress.Parse(value).GetAddressBytes()),
                };
                writer.WriteOctetString(bytes, new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, tag));
            }
        }

        var extension = new X509Extension("2.5.29.17", writer.Encode(), critical: false);
        return (TestCertificate.Tls() with { Names = [], MoreExtensions = [extension] }).BelowRoot();
    }
}
