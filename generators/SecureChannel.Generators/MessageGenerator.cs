using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Generators.Emit;
using SecureChannel.Model;
using SecureChannel.Model.Messages;

namespace SecureChannel.Generators;

/// <summary>The generator of the codecs of types with <c>[Message]</c> or <c>[Union]</c>. It reports no diagnostics: analyzers report invalid declarations.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class MessageGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that creates the models of types with <c>[Message]</c>.</summary>
    public const string MessagesStep = "Messages";

    /// <summary>The tracking name of the step that creates the models of types with <c>[Union]</c>.</summary>
    public const string UnionsStep = "Unions";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        context.RegisterSourceOutput(Read(context, KnownTypes.MessageAttribute, MessagesStep), Emit);
        context.RegisterSourceOutput(Read(context, KnownTypes.UnionAttribute, UnionsStep), Emit);
    }

    private static IncrementalValuesProvider<MessageModel> Read(IncrementalGeneratorInitializationContext context, string attribute, string step) =>
        context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                (target, cancellationToken) => IsForAnotherStep(target, attribute)
                    ? null
                    : MessageCache.Read(target.TargetNode, (INamedTypeSymbol)target.TargetSymbol, target.SemanticModel.Compilation, cancellationToken).Model)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(step);

    // A union that is sent on its own has both attributes.
    private static bool IsForAnotherStep(GeneratorAttributeSyntaxContext target, string attribute) =>
        attribute == KnownTypes.MessageAttribute && MessageReader.IsUnion(target.TargetSymbol);

    private static void Emit(SourceProductionContext context, MessageModel model) =>
        context.AddSource(model.FileName + ".g.cs", model.Union is null ? MessageEmitter.Emit(model) : UnionEmitter.Emit(model));
}
