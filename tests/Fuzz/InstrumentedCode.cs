using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace SecureChannel.Fuzz;

/// <summary>
/// The library and the messages in a second copy, in which SharpFuzz makes each branch count itself in a map: which branches an input takes is what guides
/// the fuzzer. One at a time, since the map belongs to the process.
/// </summary>
internal sealed unsafe class InstrumentedCode
{
    private const int MapSize = 1 << 16;

    // Never given back, since instrumented code that is still about goes on counting.
    private readonly byte* _map = (byte*)NativeMemory.AllocZeroed(MapSize);
    private readonly Func<byte[], string?> _run;

    /// <summary>Instruments a target.</summary>
    /// <param name="target">A type with a static method <c>Run</c> that takes an input and tells what does not hold. Its assembly must not use SharpFuzz itself.</param>
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

    /// <summary>How often each branch was taken by the input that ran last.</summary>
    public ReadOnlySpan<byte> Branches => new(_map, MapSize);

    /// <summary>Runs the target on an input.</summary>
    /// <returns>What does not hold; null if all does.</returns>
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
        type.StartsWith("SecureChannel.Messages.", StringComparison.Ordinal) || type.StartsWith("SecureChannel.CompilerServices.", StringComparison.Ordinal) || type.StartsWith("SecureChannel.Fuzz.", StringComparison.Ordinal);
}
