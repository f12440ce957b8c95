namespace SecureChannel;

/// <summary>
/// Specifies the version of a protocol that added a field. The field must follow the fields of earlier versions and have a default: an optional parameter, or a
/// property that is not required. Both peers know the version, which is fixed for a connection. In an earlier version, the field is neither written nor read,
/// and has its default.
/// </summary>
/// <param name="version">The first version that has the field, 1 or more.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter, Inherited = false)]
public sealed class SinceAttribute(int version) : Attribute
{
    /// <summary>Gets the first version that has the field.</summary>
    public int Version { get; } = version;
}
