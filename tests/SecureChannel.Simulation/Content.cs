namespace SecureChannel.Simulation;

/// <summary>
/// The bytes that the ends send. Each send has other bytes, so a lost, repeated or reordered byte is noticed. The pattern is one random table; the position at
/// which a send begins depends on its direction and number.
/// </summary>
internal static class Content
{
    private const int Positions = 1 << 16;

    /// <summary>The maximum size of a send.</summary>
    public const int MaxSize = 3 << 20;

    private static readonly byte[] Table = CreateTable();

    /// <summary>Gets the content of a send.</summary>
    /// <param name="sender">The end that sends.</param>
    /// <param name="number">The number of the send.</param>
    /// <param name="size">The size in bytes.</param>
    public static ReadOnlyMemory<byte> Of(Role sender, int number, int size) =>
        Table.AsMemory((int)((uint)(number * 40_503 + (sender == Role.Client ? 17 : 25_013)) % Positions), size);

    private static byte[] CreateTable()
    {
        var table = new byte[Positions + MaxSize];
        new Random(20260615).NextBytes(table);
        return table;
    }
}
