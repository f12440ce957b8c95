namespace SecureChannel.Pki;

/// <summary>The relation between the library's result and the result of the platform's chain engine.</summary>
internal enum PlatformDifference
{
    /// <summary>Both accept the server.</summary>
    BothAccept,

    /// <summary>Both reject the server.</summary>
    BothReject,

    /// <summary>Only the library accepts the server, under an authority that is not self-signed. The platform requires a root.</summary>
    AnchorIsNotRoot,

    /// <summary>Only the library accepts the server. The platform accepts it too if it receives the certificates of a valid path alone.</summary>
    PlatformDoesNotBacktrack,

    /// <summary>
    /// Only the library accepts the server. Its subject is its issuer's name, so the platform treats it as a root and searches no issuer.
    /// </summary>
    ServerHasNameOfIssuer,

    /// <summary>
    /// Only the library accepts the server. Two authorities of the valid path have the same name and different keys, and the platform skips the first one.
    /// </summary>
    AuthoritiesHaveOneName,

    /// <summary>Only the library accepts the server. An authority of the valid path has anyExtendedKeyUsage, which the platform does not process.</summary>
    AnyPurpose,

    /// <summary>A disagreement without a known reason, which is a defect of the library or of the explanations.</summary>
    Unexplained,
}
