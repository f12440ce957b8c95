namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH1002MakeInternalTests
{
    [Theory]
    [InlineData("[Message] file partial record struct [|A|](int X);", "[Message] internal partial record struct A(int X);")]
    [InlineData("file partial class Outer { [Message] public partial record struct [|A|](int X); }", "internal partial class Outer { [Message] public partial record struct A(int X); }")]
    public Task Makes_a_file_local_type_internal(string source, string expected) => MessageFixTest.CheckAsync<SCH1002MakeInternal>("SCH1002", source, expected);
}
