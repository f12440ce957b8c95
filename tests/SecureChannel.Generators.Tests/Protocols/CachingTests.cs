using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace SecureChannel.Generators.Tests.Protocols;

public sealed class CachingTests
{
    [Fact]
    public void An_unrelated_edit_does_not_emit_again()
    {
        var (models, outputs) = Edit("internal static class Unrelated;");

        Assert.Single(models);
        Assert.All(models, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.NotEmpty(outputs);
        Assert.All(outputs, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void An_edit_of_the_protocol_emits_it_again()
    {
        var (models, outputs) = Edit("", BankSource.Protocol.Replace("[Client<Goodbye>(Closed)]", "[Client<Goodbye>(Ready)]"));

        Assert.Equal([IncrementalStepRunReason.Modified], models);
        Assert.Contains(IncrementalStepRunReason.Modified, outputs);
    }

    [Fact]
    public void A_comment_in_the_protocol_does_not_emit_again()
    {
        var (models, outputs) = Edit("", BankSource.Protocol.Replace("[Final]", "[Final] // the end"));

        Assert.Single(models);
        Assert.All(models, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
        Assert.All(outputs, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private static (IncrementalStepRunReason[] Models, IncrementalStepRunReason[] Outputs) Edit(string unrelated, string protocol = BankSource.Protocol)
    {
        var before = Compiled.CreateCompilation(BankSource.Messages, BankSource.Protocol, "");
        var driver = CSharpGeneratorDriver.Create(
            [new ProtocolGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)before.SyntaxTrees[0].Options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true))
            .RunGenerators(before);

        var after = before;
        foreach (var (index, text) in new[] { (1, protocol), (2, unrelated) })
        {
            var tree = before.SyntaxTrees[index];
            if (tree.ToString() != text)
                after = after.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)tree.Options, tree.FilePath));
        }

        var result = driver.RunGenerators(after).GetRunResult().Results.Single();
        return (
            [.. result.TrackedSteps[ProtocolGenerator.Models].SelectMany(step => step.Outputs).Select(output => output.Reason)],
            [.. result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs).Select(output => output.Reason)]);
    }
}
