using System.Runtime.InteropServices;

namespace SecureChannel.Sodium;

/// <summary>The native functions of libsodium. Each <c>EntryPoint</c> is the name of a C function.</summary>
internal static unsafe partial class Native
{
    private const string Library = "libsodium";

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    public static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "sodium_memzero")]
    public static partial void Wipe(void* memory, nuint length);

    [LibraryImport(Library, EntryPoint = "randombytes_buf")]
    public static partial void FillRandom(byte* memory, nuint length);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_is_available")]
    public static partial int Aes256GcmIsAvailable();

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_statebytes")]
    public static partial nuint Aes256GcmStateLength();

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_beforenm")]
    public static partial int Aes256GcmPrepare(void* state, byte* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_encrypt_afternm")]
    public static partial int Aes256GcmEncrypt(
        byte* ciphertext, ulong* ciphertextLength, byte* plaintext, ulong plaintextLength, byte* data, ulong dataLength, byte* unused, byte* nonce,
        void* state);

    [LibraryImport(Library, EntryPoint = "crypto_aead_aes256gcm_decrypt_afternm")]
    public static partial int Aes256GcmDecrypt(
        byte* plaintext, ulong* plaintextLength, byte* unused, byte* ciphertext, ulong ciphertextLength, byte* data, ulong dataLength, byte* nonce,
        void* state);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_encrypt")]
    public static partial int ChaCha20Poly1305Encrypt(
        byte* ciphertext, ulong* ciphertextLength, byte* plaintext, ulong plaintextLength, byte* data, ulong dataLength, byte* unused, byte* nonce, void* key);

    [LibraryImport(Library, EntryPoint = "crypto_aead_chacha20poly1305_ietf_decrypt")]
    public static partial int ChaCha20Poly1305Decrypt(
        byte* plaintext, ulong* plaintextLength, byte* unused, byte* ciphertext, ulong ciphertextLength, byte* data, ulong dataLength, byte* nonce, void* key);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519_base")]
    public static partial int X25519PublicKey(byte* publicKey, byte* privateKey);

    [LibraryImport(Library, EntryPoint = "crypto_scalarmult_curve25519")]
    public static partial int X25519Agree(byte* secret, byte* privateKey, byte* peerPublicKey);

    [LibraryImport(Library, EntryPoint = "crypto_kem_mlkem768_keypair")]
    public static partial int MLKem768KeyPair(byte* encapsulationKey, byte* decapsulationKey);

    [LibraryImport(Library, EntryPoint = "crypto_kem_mlkem768_enc")]
    public static partial int MLKem768Encapsulate(byte* ciphertext, byte* secret, byte* encapsulationKey);

    [LibraryImport(Library, EntryPoint = "crypto_kem_mlkem768_dec")]
    public static partial int MLKem768Decapsulate(byte* secret, byte* ciphertext, byte* decapsulationKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    public static partial int Ed25519KeyPair(byte* publicKey, byte* privateKey, byte* seed);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_detached")]
    public static partial int Ed25519Sign(byte* signature, ulong* signatureLength, byte* content, ulong contentLength, byte* privateKey);

    [LibraryImport(Library, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    public static partial int Ed25519Verify(byte* signature, byte* content, ulong contentLength, byte* publicKey);
}
