namespace SecureChannel;

/// <summary>
/// A field that a later version of a protocol added. It comes after the fields of earlier versions, and has a default: an optional parameter, or a property that
/// can be left out. Both peers know the version, which is fixed for a connection: where it is lower, the field is neither written nor read, and has its default.
/// </summary>
/// <param name="version">The first version that has the field, 1 or more.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter, Inherited = false)]
public sealed class SinceAttribute(int version) : Attribute
{
    /// <summary>The first version that has the field.</summary>
    public int Version { get; } = version;
}
