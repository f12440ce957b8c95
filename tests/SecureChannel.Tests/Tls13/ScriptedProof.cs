using SecureChannel.Cryptography;
using SecureChannel.Tls13;

namespace SecureChannel.Tests.Tls13;

/// <summary>The Finished values and signed contents of scripted endpoints.</summary>
internal static class ScriptedProof
{
    public static byte[] VerifyData(SessionKeys keys, Role sender, in Transcript before)
    {
        var verifyData = new byte[HashFunctions.MaxLength];
        return verifyData[..keys.ComputeVerifyData(sender, before, verifyData)];
    }

    public static byte[] SignatureContent(Role signer, in Transcript throughCertificate)
    {
        var content = new byte[HandshakeSignature.MaxLength];
        return content[..HandshakeSignature.Write(signer, throughCertificate, content)];
    }
}
