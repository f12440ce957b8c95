using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Generators.Emit;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Protocols;

namespace SecureChannel.Generators;

/// <summary>The generator of a class for each role of each enum with <c>[Protocol]</c>. It reports no diagnostics: analyzers report invalid declarations.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that produces the models.</summary>
    public const string Models = "Protocols";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var models = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.ProtocolAttribute,
                static (node, _) => node is EnumDeclarationSyntax,
                static (found, cancellationToken) => DeclarationReader.Read((INamedTypeSymbol)found.TargetSymbol, found.Attributes[0], cancellationToken))
            .Where(static model => model is not null)
            .WithTrackingName(Models);
        context.RegisterSourceOutput(models, static (production, model) =>
        {
            RoleView[] roles = [new(model!, RoleModel.Client), new(model!, RoleModel.Server)];
            foreach (var role in roles.Where(role => role.IsComplete))
                production.AddSource(role.FileName, ProtocolEmitter.Emit(role));
        });
    }
}
