using SecureChannel.Testing;

namespace SecureChannel.Generators.Tests.Protocols;

/// <summary>User types and namespaces with the names of library or .NET types. Generated code must compile beside them.</summary>
public sealed class UserNameTests
{
    private const string GlobalUsings = "global using System; global using System.Collections.Generic; global using System.Threading.Tasks;";

    private static readonly string[] TypeNames =
    [
        "Step", "Role", "Task", "ValueTask", "StateCursor", "SendCursor", "Transition", "Handler", "CancellationToken", "IAsyncEnumerable", "MessageChannel",
        "ProtocolHandler", "ProtocolState", "SessionState", "ReceiveLane", "Func", "Object", "String", "Enum", "Attribute", "InvalidOperationException",
    ];

    private static readonly string[] Samples = ["Bank", "Chat", "FileTransfer", "Rpc"];

    public static TheoryData<string> Protocols { get; } = [.. Samples, "Source/Bank", "Source/Chat"];

    public static TheoryData<string, string> ProtocolsAndNamespaces { get; } =
        [.. Samples.Append("Source/Bank").Append("Source/Chat").SelectMany(_ => Namespaces, (protocol, name) => (protocol, name))];

    private static string[] Namespaces => ["SecureChannel.Users", "Users.SecureChannel", "Users.System", "Users.System.Threading.Tasks", "System.Users"];

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Protocols_compile_beside_user_types_with_names_of_library_types(string protocol)
    {
        var (sources, space) = Read(protocol);
        var types = $"namespace {space};\n" + string.Concat(TypeNames.Select(name => $"internal static class {name};\n"));

        AssertCompiles(protocol, space, [.. sources, types]);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public void Protocols_compile_beside_user_namespaces_with_names_of_library_namespaces(string protocol)
    {
        var (sources, space) = Read(protocol);
        var namespaces = string.Concat(
            new[] { "SecureChannel", "SecureChannel.Protocols", "System", "System.Threading", "Threading", "Tasks", "Messages", "CompilerServices" }
                .Select(name => $"namespace {space}.{name} {{ internal static class Marker; }}\n"));

        AssertCompiles(protocol, space, [.. sources, namespaces]);
    }

    [Theory]
    [MemberData(nameof(ProtocolsAndNamespaces))]
    public void Protocols_compile_in_namespaces_with_names_of_library_namespaces(string protocol, string name)
    {
        var (sources, space) = Read(protocol);

        AssertCompiles(protocol, name, [.. sources.Select(source => source.Replace($"namespace {space};", $"namespace {name};", StringComparison.Ordinal))]);
    }

    private static void AssertCompiles(string protocol, string space, string[] sources)
    {
        var compiled = new Compiled([GlobalUsings, .. sources]);

        Assert.Empty(compiled.Errors);
        var name = protocol.Split('/')[^1];
        Assert.Contains($"{space}.{name}Client.g.cs", compiled.FileNames);
        Assert.Contains($"{space}.{name}Server.g.cs", compiled.FileNames);
    }

    private static (string[] Sources, string Namespace) Read(string protocol)
    {
        string[] sources = protocol switch
        {
            "Source/Bank" => [BankSource.Messages, BankSource.Protocol],
            "Source/Chat" => [ChatSource.Text],
            _ => [File.ReadAllText(Repository.PathOf("src", "samples", protocol, "Protocol.cs"))],
        };
        var declaration = sources[0].Split('\n').Single(line => line.StartsWith("namespace ", StringComparison.Ordinal));
        return (sources, declaration["namespace ".Length..].TrimEnd('\r', ';'));
    }
}
