using System.Globalization;
using SecureChannel.Pki;

const string Help = """
    Usage: SecureChannel.Pki platform COUNT [FIRST]
           SecureChannel.Pki observe MODE FOLDER

    Commands:
      platform COUNT [FIRST]    Compares path validation with X509Chain on random infrastructures, without the certificates of the machine and the user.
      observe MODE FOLDER       Verifies the server in a folder, for an observer of the process. MODE is authorities, pins, system or download.
    """;

switch (args)
{
    case ["platform", ..] when !CleanEnvironment.IsActive:
        return await CleanEnvironment.RunAsync(args);
    case ["platform", var count, .. var first]:
        return await CompareAsync(int.Parse(count, CultureInfo.InvariantCulture), first.Length == 0 ? 0 : int.Parse(first[0], CultureInfo.InvariantCulture));
    case ["observe", var mode, var folder]:
        return await ObservedVerification.RunAsync(mode, folder);
    default:
        Console.Error.WriteLine(Help);
        return 2;
}

static async Task<int> CompareAsync(int count, int first)
{
    var counts = new SortedDictionary<PlatformDifference, int>();
    for (var seed = first; seed < first + count; seed++)
    {
        var comparison = await PlatformComparison.CreateAsync(new RandomPki(seed));
        counts[comparison.Difference] = counts.GetValueOrDefault(comparison.Difference) + 1;
        if (comparison.Difference == PlatformDifference.Unexplained)
            Console.WriteLine($"Seed {seed} is not explained. {comparison.Description}");
    }

    foreach (var (difference, number) in counts)
        Console.WriteLine($"{difference}: {number}");
    return counts.ContainsKey(PlatformDifference.Unexplained) ? 1 : 0;
}
