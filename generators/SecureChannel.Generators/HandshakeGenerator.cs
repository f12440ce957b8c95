using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SecureChannel.Generators.Emit;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;
using SecureChannel.Model.Handshakes;

namespace SecureChannel.Generators;

/// <summary>The generator of a state machine for each role of an enum with <c>[Handshake]</c>, and the wrapper of each struct with <c>[VariantOf]</c>.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class HandshakeGenerator : IIncrementalGenerator
{
    /// <summary>The tracking name of the step that reads handshakes.</summary>
    public const string HandshakeStep = "Handshake";

    /// <summary>The tracking name of the step that reads variants.</summary>
    public const string VariantStep = "Variant";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var handshakes = context.SyntaxProvider.ForAttributeWithMetadataName(
                KnownTypes.HandshakeAttribute,
                static (node, _) => node is EnumDeclarationSyntax,
                static (source, cancellationToken) => DeclarationReader.Read((INamedTypeSymbol)source.TargetSymbol, source.Attributes[0], cancellationToken))
            .Where(static declaration => declaration is not null)
            .WithTrackingName(HandshakeStep);
        context.RegisterSourceOutput(handshakes, static (output, declaration) => EmitMachines(output, declaration!));

        var variants = context.SyntaxProvider.ForAttributeWithMetadataName(
                VariantModel.Attribute,
                static (node, _) => node is TypeDeclarationSyntax,
                static (source, cancellationToken) => VariantModel.Read((INamedTypeSymbol)source.TargetSymbol, cancellationToken))
            .Where(static variant => variant is { IsNested: false })
            .WithTrackingName(VariantStep);
        context.RegisterSourceOutput(variants, static (output, variant) =>
            output.AddSource(FileName(variant!.Variant.Namespace, variant.Variant.Identifier), HandshakeVariantEmitter.Emit(variant)));
    }

    private static void EmitMachines(SourceProductionContext output, DeclarationModel declaration)
    {
        if (declaration.States.Count == 0)
            return;
        foreach (var role in new[] { RoleModel.Client, RoleModel.Server })
        {
            var machine = new HandshakeMachineModel(declaration, role);
            output.AddSource(FileName(declaration.Namespace, machine.Name), new HandshakeMachineEmitter(machine).Emit());
        }
    }

    private static string FileName(string @namespace, string name) => (@namespace.Length == 0 ? name : $"{@namespace}.{name}") + ".g.cs";
}
