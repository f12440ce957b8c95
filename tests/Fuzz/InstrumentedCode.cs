using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace SecureChannel.Fuzz;

/// <summary>
/// A second copy of the library and the messages, in which SharpFuzz makes each branch count itself in a map. The branches that an input reaches guide the
/// fuzzer. Use one copy at a time, because the map belongs to the process.
/// </summary>
internal sealed unsafe class InstrumentedCode
{
    private const int MapSize = 1 << 16;

    // Never freed, because instrumented code that still runs continues to count.
    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(MapSize);
    private readonly Func<byte[], string?> _run;

    /// <summary>Instruments a target.</summary>
    /// <param name="target">
    /// A type with a static method <c>Run</c> that checks an input and returns the check that failed. Its assembly must not use SharpFuzz itself.
    /// </param>
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

    /// <summary>Gets the number of times that the last input reached each branch.</summary>
    public ReadOnlySpan<byte> Branches => new(_map, MapSize);

    /// <summary>Runs the target on an input.</summary>
    /// <returns>The check that failed, or null if all checks passed.</returns>
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
            Fuzzer.Instrument(copy, IsWatched, Options.Value);
            context.LoadFromStream(new MemoryStream(File.ReadAllBytes(copy)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool IsWatched(string type) =>
        type.StartsWith("SecureChannel.Messages.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.CompilerServices.", StringComparison.Ordinal)
        || type.StartsWith("SecureChannel.Fuzz.", StringComparison.Ordinal);
}
