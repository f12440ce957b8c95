namespace Samples.Mqtt311;

/// <summary>What was published, on its way to a subscriber.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload.</param>
/// <param name="QualityOfService">How it is delivered.</param>
public sealed record Delivery(string Topic, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService);
