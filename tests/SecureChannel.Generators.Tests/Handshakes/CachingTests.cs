using Microsoft.CodeAnalysis;

namespace SecureChannel.Generators.Tests.Handshakes;

public sealed class CachingTests
{
    [Fact]
    public void An_unrelated_edit_emits_no_source_again()
    {
        var (models, outputs) = Edit(HandshakeSource.KeyTransport.Declaration, "internal static class Unrelated;");
        Assert.All(models, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.NotEmpty(outputs);
        Assert.All(outputs, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_comment_in_the_handshake_emits_no_source_again()
    {
        var (models, outputs) = Edit(HandshakeSource.KeyTransport.Declaration.Replace("[Established]", "[Established] // at last", StringComparison.Ordinal), "");
        Assert.Single(models);
        Assert.All(models, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.All(outputs, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edit_of_the_handshake_emits_its_source_again()
    {
        var (models, outputs) = Edit(HandshakeSource.KeyTransport.Declaration.Replace(", Authenticates = Role.Server", "", StringComparison.Ordinal), "");
        Assert.Equal([IncrementalStepRunReason.Modified], models);
        Assert.Contains(IncrementalStepRunReason.Modified, outputs);
    }

    private static (IncrementalStepRunReason[] Models, IncrementalStepRunReason[] Outputs) Edit(string declaration, string unrelated)
    {
        var before = HandshakeSource.KeyTransport.Create(HandshakeSource.KeyTransport.Declaration);
        var driver = HandshakeSource.CreateDriver().RunGenerators(before);
        var after = before;
        foreach (var (index, text) in new[] { (0, declaration), (1, unrelated) })
        {
            var tree = before.SyntaxTrees[index];
            if (tree.ToString() != text)
                after = after.ReplaceSyntaxTree(tree, tree.WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(text)));
        }

        var result = driver.RunGenerators(after).GetRunResult().Results.Single(result => result.TrackedSteps.ContainsKey(HandshakeGenerator.HandshakeStep));
        return (
            [.. result.TrackedSteps[HandshakeGenerator.HandshakeStep].SelectMany(step => step.Outputs).Select(output => output.Reason)],
            [.. result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason)]);
    }
}
