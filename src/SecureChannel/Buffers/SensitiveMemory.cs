using System.Buffers;
using System.Security.Cryptography;

namespace SecureChannel;

/// <summary>The memory of keys and of pooled plaintext. A test observes its own thread to assert that all of it is wiped.</summary>
internal static class SensitiveMemory
{
    [ThreadStatic]
    private static Action<byte[]>? _keyAllocated;

    [ThreadStatic]
    private static Action<byte[]>? _returned;

    /// <summary>Allocates pinned memory for a key. The garbage collector does not copy it.</summary>
    /// <param name="length">The length in bytes.</param>
    public static byte[] AllocateKey(int length)
    {
        var key = GC.AllocateArray<byte>(length, pinned: true);
        _keyAllocated?.Invoke(key);
        return key;
    }

    /// <summary>Returns an array to the shared pool.</summary>
    /// <param name="array">The array.</param>
    /// <param name="used">The number of bytes at the start that may contain plaintext, and are wiped.</param>
    public static void Return(byte[] array, int used)
    {
        CryptographicOperations.ZeroMemory(array.AsSpan(0, used));
        _returned?.Invoke(array);
        ArrayPool<byte>.Shared.Return(array);
    }

    /// <summary>Observes the memory of the current thread while an action runs.</summary>
    /// <param name="keyAllocated">Receives each new key before it is filled.</param>
    /// <param name="returned">Receives each array that is returned to the pool.</param>
    /// <param name="action">The action.</param>
    internal static void Observe(Action<byte[]> keyAllocated, Action<byte[]> returned, Action action)
    {
        (_keyAllocated, _returned) = (keyAllocated, returned);
        try
        {
            action();
        }
        finally
        {
            (_keyAllocated, _returned) = (null, null);
        }
    }
}
