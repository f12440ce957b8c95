namespace SecureChannel.Analyzers.Tests.Messages;

public sealed class SCH1005Tests
{
    [Theory]
    [InlineData("public class B { public int Y { get; set; } } [Message] public partial class {|SCH1005:A|} : B { public int X { get; set; } }")]
    [InlineData("public class C { private int _y; public int Y() => _y++; } public class B : C; [Message] public partial class {|SCH1005:A|} : B { public int X { get; set; } }")]
    public Task Reports_fields_of_a_base_class(string source) => MessageTest.CheckAsync(source);
}
