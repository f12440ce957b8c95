using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace SecureChannel.Fuzz;

/// <summary>
/// A second copy of the library and the messages, in which SharpFuzz counts each branch in a map. The branches that an input takes guide the fuzzer. Supports one
/// instance at a time, because the process has a single map.
/// </summary>
internal sealed unsafe class InstrumentedCode
{
    private const int MapSize = 1 << 16;

    // Never freed, because instrumented code that is still loaded continues to count.
    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(MapSize);
    private readonly Func<byte[], string?> _run;

    /// <summary>Instruments a target.</summary>
    /// <param name="target">A type with a static method <c>Run</c>, which checks an input and returns the failed check. Its assembly must not use SharpFuzz itself.</param>
    public InstrumentedCode(Type target)
    {
        Trace.SharedMem = _map;
        var context = new AssemblyLoadContext("instrumented");
        foreach (var original in new[] { typeof(Messages.WireSerializer).Assembly, typeof(Target).Assembly }.Append(target.Assembly).Distinct())
            Load(context, original);
        _run = context.Assemblies.Single(assembly => assembly.GetName().Name == target.Assembly.GetName().Name)
            .GetType(target.FullName!, throwOnError: true)!
            .GetMethod(nameof(Target.Run), BindingFlags.Static | BindingFlags.Public)!
            .CreateDelegate<Func<byte[], string?>>();
    }

    /// <summary>Gets the number of times that the last input took each branch.</summary>
    public ReadOnlySpan<byte> Branches => new(_map, MapSize);

    /// <summary>Runs the target on an input.</summary>
    /// <returns>The failed check, or null.</returns>
    public string? Run(byte[] input)
    {
        new Span<byte>(_map, MapSize).Clear();
        Trace.PrevLocation = 0;
        return _run(input);
    }

    private static void Load(AssemblyLoadContext context, Assembly original)
    {
        var folder = Directory.CreateTempSubdirectory("SecureChannel.Fuzz.");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(original.Location));
            File.Copy(original.Location, copy);
            Fuzzer.Instrument(copy, IsInstrumented, Options.Value);
            context.LoadFromStream(new MemoryStream(File.ReadAllBytes(copy)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsInstrumented(string type) =>
        type.StartsWith("SecureChannel.Messages.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.CompilerServices.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.Handshakes.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.Tls13.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.KeyTransport.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.Fuzz.", StringComparison.Ordinal)
        || RevocationFuzzing.IsInstrumented(type);
}
