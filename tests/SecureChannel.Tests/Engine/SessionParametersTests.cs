using SecureChannel.Handshakes;

namespace SecureChannel.Tests.Engine;

/// <summary>The parameters that endpoints exchange in their first flights. Encodings are written by hand from ARCHITECTURE.md.</summary>
public sealed class SessionParametersTests
{
    private const string Magic = "5365637572654368";

    [Fact]
    public void Parameters_have_the_documented_encoding()
    {
        var parameters = new SessionParameters { IdleTimeout = TimeSpan.FromSeconds(30), KeepAliveInterval = TimeSpan.FromMilliseconds(1500.9), MaxMessageSize = 4096 };
        Assert.Equal(Magic + "01" + "0100007530" + "01000005DC" + "00001000", Convert.ToHexString(parameters.Encode().Span));
        Assert.Equal(Magic + "01" + "00" + "00" + "00100000", Convert.ToHexString(new SessionParameters().Encode().Span));
    }

    [Fact]
    public void Encoded_parameters_are_read_with_whole_milliseconds()
    {
        var parameters = new SessionParameters { IdleTimeout = TimeSpan.FromMilliseconds(2.5), MaxMessageSize = 1 };
        Assert.Null(SessionParameters.Validate(parameters.Encode().Span));
        Assert.Equal(new AgreedParameters(1, TimeSpan.FromMilliseconds(2), null, 1), new SessionParameters().Agree(parameters.Encode().Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00007530")]
    [InlineData("53656375726543690101000075300000100000")]
    public void Another_use_of_the_same_field_is_ignored(string encoded)
    {
        Assert.Null(SessionParameters.Validate(Convert.FromHexString(encoded)));
        Assert.False(SessionParameters.IsRecognized(Convert.FromHexString(encoded)));
        Assert.Null(new SessionParameters().Agree(Convert.FromHexString(encoded)).Version);
    }

    [Theory]
    [InlineData("00" + "00" + "00" + "00100000", AlertDescription.IllegalParameter)]
    [InlineData("01" + "0100000000" + "00" + "00100000", AlertDescription.IllegalParameter)]
    [InlineData("01" + "00" + "0100000000" + "00100000", AlertDescription.IllegalParameter)]
    [InlineData("01" + "00" + "00" + "00000000", AlertDescription.IllegalParameter)]
    [InlineData("01" + "00" + "00" + "40000000", AlertDescription.IllegalParameter)]
    [InlineData("01" + "00" + "00" + "00100000" + "00", AlertDescription.IllegalParameter)]
    [InlineData("01" + "02" + "00" + "00100000", AlertDescription.DecodeError)]
    [InlineData("01" + "00" + "00" + "001000", AlertDescription.DecodeError)]
    [InlineData("", AlertDescription.DecodeError)]
    public void Invalid_parameters_are_refused(string fields, AlertDescription alert)
    {
        Assert.True(SessionParameters.IsRecognized(Convert.FromHexString(Magic + fields)));
        Assert.Equal(alert, SessionParameters.Validate(Convert.FromHexString(Magic + fields))?.Alert);
    }

    [Fact]
    public void A_later_version_may_have_more_fields_and_the_lower_version_applies()
    {
        var peer = Convert.FromHexString(Magic + "02" + "00" + "00" + "00100000" + "AABBCC");
        Assert.Null(SessionParameters.Validate(peer));
        Assert.Equal(1, new SessionParameters().Agree(peer).Version);
        Assert.Equal(2, new SessionParameters { Version = 3 }.Agree(peer).Version);
    }

    [Theory]
    [InlineData(30, 20, 20)]
    [InlineData(20, 30, 20)]
    [InlineData(20, null, 20)]
    [InlineData(null, 20, 20)]
    [InlineData(null, null, null)]
    public void Both_endpoints_compute_the_same_times(int? first, int? second, int? agreed)
    {
        var a = new SessionParameters { IdleTimeout = Seconds(first), KeepAliveInterval = Seconds(second) };
        var b = new SessionParameters { IdleTimeout = Seconds(second), KeepAliveInterval = Seconds(first) };
        foreach (var negotiated in (AgreedParameters[])[a.Agree(b.Encode().Span), b.Agree(a.Encode().Span)])
            Assert.Equal((Seconds(agreed), Seconds(agreed)), (negotiated.IdleTimeout, negotiated.KeepAliveInterval));
    }

    [Fact]
    public void Without_parameters_of_the_peer_only_the_own_idle_timeout_applies()
    {
        var own = new SessionParameters { IdleTimeout = Seconds(20), KeepAliveInterval = Seconds(5) };
        Assert.Equal(new AgreedParameters(null, Seconds(20), null, null), own.Agree(default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public void A_version_outside_its_range_cannot_be_encoded(int version) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SessionParameters { Version = version }.Encode());

    private static TimeSpan? Seconds(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
}
