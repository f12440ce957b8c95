namespace SecureChannel.Simulation;

/// <summary>The bytes that the endpoints of the soak send. A byte depends on the sender and on its position.</summary>
internal static class SoakContent
{
    public const int MaxSize = 256 << 10;

    private const int Period = 65_521;
    private const int ServerOffset = 25_013;

    private static readonly byte[] Table = CreateTable();

    /// <summary>Gets the bytes of a sender from a position.</summary>
    public static ReadOnlyMemory<byte> At(Role sender, long position, int size) =>
        Table.AsMemory((int)((position + (sender == Role.Client ? 0 : ServerOffset)) % Period), size);

    private static byte[] CreateTable()
    {
        var table = new byte[Period + MaxSize];
        new Random(20260616).NextBytes(table.AsSpan(0, Period));
        for (var i = Period; i < table.Length; i++)
            table[i] = table[i - Period];
        return table;
    }
}
