namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1018Tests
{
    [Theory]
    [InlineData("[Union] public abstract partial record {|SCH1018:A|};")]
    public Task Reports_a_union_without_cases(string source) => MessageTest.CheckAsync(source);
}
