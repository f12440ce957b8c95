using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace SecureChannel.Analyzers.Flow;

/// <summary>The part of the evaluator that deconstructs tuples and replies.</summary>
internal sealed partial class Evaluator
{
    private Value Deconstruct(IDeconstructionAssignmentOperation deconstruction)
    {
        Distribute(deconstruction.Target, deconstruction.Value);
        return Value.Unknown;
    }

    private void Distribute(IOperation target, IOperation source)
    {
        var targets = Elements(target);
        if (Literal(source) is { } literal && literal.Elements.Length == targets.Length)
        {
            var values = literal.Elements.Select(element => Keep(Visit(element))).ToList();
            for (var index = 0; index < targets.Length; index++)
                Assign(targets[index], values[index], literal.Elements[index].Type);
        }
        else
        {
            Assign(target, Visit(source), source.Type);
        }
    }

    /// <summary>Assigns to each target its part of a tuple or reply.</summary>
    private void Assign(IOperation target, Value value, ITypeSymbol? type)
    {
        var targets = Elements(target);
        if (targets.Length == 0)
        {
            AssignTo(target, value);
            return;
        }

        for (var index = 0; index < targets.Length; index++)
        {
            var (part, partType) = Part(value, type, index);
            Assign(targets[index], part, partType);
        }

        if (value is not ObjectValue)
            _state.Escape(value);
    }

    private static ImmutableArray<IOperation> Elements(IOperation target) => target switch
    {
        ITupleOperation tuple => tuple.Elements,
        IDeclarationExpressionOperation { Expression: ITupleOperation tuple } => tuple.Elements,
        _ => [],
    };

    private static ITupleOperation? Literal(IOperation source)
    {
        while (source is IConversionOperation { IsImplicit: true } conversion)
            source = conversion.Operand;
        return source as ITupleOperation;
    }

    /// <summary>
    /// Gets the value of an element of a tuple. A token or task is followed into the variable to which the element is assigned; a session escapes.
    /// </summary>
    private Value Keep(Value value)
    {
        if (value is not ObjectValue { Id: var id } || (_state[id] & (States.Stages | States.Runs)) == 0)
            return value;
        _state.Escape(value);
        return Value.Unknown;
    }

    private Value Match(IIsPatternOperation match)
    {
        Bind(match.Pattern, Visit(match.Value));
        return Value.Unknown;
    }

    private void Bind(IPatternOperation pattern, Value value)
    {
        switch (pattern)
        {
            case IDeclarationPatternOperation { DeclaredSymbol: { } symbol }:
                WriteFresh(symbol, value, pattern);
                break;
            case IRecursivePatternOperation recursive:
                if (recursive.DeclaredSymbol is { } whole)
                    WriteFresh(whole, value, pattern);
                foreach (var part in recursive.PropertySubpatterns)
                {
                    var member = (part.Member as IMemberReferenceOperation)?.Member;
                    Bind(part.Pattern, member is null ? Value.Unknown : Part(value, member, part.Member.Type));
                }

                for (var index = 0; index < recursive.DeconstructionSubpatterns.Length; index++)
                    Bind(recursive.DeconstructionSubpatterns[index], PartOfMatch(value, recursive, index));
                break;
            case INegatedPatternOperation negated:
                Bind(negated.Pattern, value);
                break;
            case IBinaryPatternOperation binary:
                Bind(binary.LeftPattern, value);
                Bind(binary.RightPattern, value);
                break;
        }
    }

    private Value PartOfMatch(Value value, IRecursivePatternOperation pattern, int index)
    {
        if (pattern.DeconstructSymbol is not IMethodSymbol deconstruct)
            return Part(value, pattern.MatchedType, index).Part;
        // The first parameter of an extension method is the deconstructed value.
        var parameter = deconstruct.Parameters.ElementAtOrDefault(deconstruct.IsStatic ? index + 1 : index);
        return parameter is null ? Value.Unknown : Part(value, $"{deconstruct.ContainingType.Name}.{parameter.Name}", parameter.Type);
    }

    /// <summary>Writes a value into the variable that a pattern declares. A token of unknown origin is assumed to be valid.</summary>
    private void WriteFresh(ISymbol symbol, Value value, IPatternOperation pattern)
    {
        var type = (symbol as ILocalSymbol)?.Type;
        Write(symbol, value == Value.Unknown && types.InitialOf(type) is not States.None and var states ? _state.Create(new ObjectId(pattern), states) : value);
    }

    private Value Part(Value whole, ISymbol member, ITypeSymbol? type) =>
        Part(whole, member is IFieldSymbol { ContainingType.IsTupleType: true } field ? (field.CorrespondingTupleField ?? field).Name : $"{member.ContainingType?.Name}.{member.Name}", type);

    private (Value Part, ITypeSymbol? Type) Part(Value whole, ITypeSymbol? type, int index)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
            type = nullable.TypeArguments[0];
        if (type is INamedTypeSymbol { IsTupleType: true } tuple)
            return tuple.TupleElements.ElementAtOrDefault(index) is { } element ? (Part(whole, element, element.Type), element.Type) : (Value.Unknown, null);
        var parameter = type?.GetMembers("Deconstruct").OfType<IMethodSymbol>().Select(method => method.Parameters.ElementAtOrDefault(index)).FirstOrDefault();
        return parameter is null ? (Value.Unknown, null) : (Part(whole, $"{type!.Name}.{parameter.Name}", parameter.Type), parameter.Type);
    }

    private Value Part(Value whole, string name, ITypeSymbol? type) =>
        whole is ObjectValue { Id: var id } && types.InitialOf(type) is not States.None and var initial ? _state.PartOf(id, name, initial) : Value.Unknown;
}
