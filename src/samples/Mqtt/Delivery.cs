namespace Samples.Mqtt311;

/// <summary>A published message on its way to a subscriber.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Payload">The payload.</param>
/// <param name="QualityOfService">The quality of service of the delivery.</param>
public sealed record Delivery(string Topic, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService);
