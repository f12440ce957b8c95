using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using SecureChannel.Model.Messages;

namespace SecureChannel.Analyzers.Messages;

/// <summary>
/// SCH1001 to SCH1019: reports why a type with <c>[Message]</c> or <c>[Union]</c> has no codec. The generator skips such a type without a diagnostic.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class MessageAnalyzer : MessageRule
{
    /// <summary>The rule that reports each kind of problem, with the reason and the remedy. Kinds that are not listed are reported elsewhere.</summary>
    private static readonly Dictionary<MessageProblemKind, (DiagnosticDescriptor Rule, Func<MessageProblem, string> Reason)> Rules = new()
    {
        [MessageProblemKind.FileLocal] = (MessageDiagnostics.FileLocalMessage,
            problem => $"'{problem.Arguments[0]}' is file-local, but generated code is in another file; remove 'file'"),
        [MessageProblemKind.Static] = (MessageDiagnostics.InvalidMessageType,
            problem => "a static type has no values; remove 'static'"),
        [MessageProblemKind.AbstractMessage] = (MessageDiagnostics.InvalidMessageType,
            problem => "a message must not be abstract; declare the derived types as messages, or make it a union with [Union]"),
        [MessageProblemKind.UnionNotAbstractRecord] = (MessageDiagnostics.InvalidMessageType,
            problem => "a union must be an abstract record, from which its cases derive; declare it as 'abstract partial record'"),
        [MessageProblemKind.UncertainOrder] = (MessageDiagnostics.UndefinedFieldOrder,
            problem => "fields are declared in several parts of the type; declare all of them in one part"),
        [MessageProblemKind.InheritedState] = (MessageDiagnostics.InheritedFields,
            problem => $"the fields of its base class '{problem.Arguments[0]}' are not encoded; declare these fields in the message, or declare a field " +
                $"of type '{problem.Arguments[0]}'"),
        [MessageProblemKind.NoConstructor] = (MessageDiagnostics.MessageNotConstructible,
            problem => problem.Member.Length > 0
                ? "neither a constructor nor a setter can set it; add 'init' or 'set', or a constructor parameter of the same name and type"
                : "no constructor has only parameters that match fields by name and type; add such a constructor, or make the fields settable"),
        [MessageProblemKind.UnsupportedType] = (MessageDiagnostics.UnsupportedType,
            problem => $"type '{problem.Arguments[0]}' is not supported, because {problem.Arguments[1]}"),
        [MessageProblemKind.UnsupportedKey] = (MessageDiagnostics.UnsupportedType,
            problem => $"'{problem.Arguments[0]}' cannot be a dictionary key; use an integer, a bool, an enum, a Guid, a date or time, or a string that is not null"),
        [MessageProblemKind.BoundWithoutVector] = (MessageDiagnostics.BoundWithoutEffect,
            problem => $"'{problem.Arguments[0]}' is encoded without a length here; remove [ByteLength]"),
        [MessageProblemKind.ElementBoundWithoutVector] = (MessageDiagnostics.BoundWithoutEffect,
            problem => $"'{problem.Arguments[0]}' is not a list whose elements have a length, such as strings, bytes, lists or messages; remove " +
                "[ElementByteLength]"),
        [MessageProblemKind.ImpossibleBound] = (MessageDiagnostics.ImpossibleBound,
            problem => $"its bound is {problem.Arguments[0]} to {problem.Arguments[1]}; the minimum must be 0 or more, and the maximum must not be below the minimum"),
        [MessageProblemKind.BoundBelowContent] = (MessageDiagnostics.ImpossibleBound,
            problem => $"'{problem.Arguments[0]}' has at least {problem.Arguments[1]} bytes, but the bound allows at most {problem.Arguments[2]}; increase the maximum"),
        [MessageProblemKind.ElementBoundWithoutBytes] = (MessageDiagnostics.ImpossibleBound,
            problem => "a vector could contain any number of elements without bytes; the maximum of [ElementByteLength] must be 1 or more"),
        [MessageProblemKind.BoundWithoutMultiple] = (MessageDiagnostics.ImpossibleBound,
            problem => $"each element has {problem.Arguments[2]} bytes, and no multiple of {problem.Arguments[2]} is within {problem.Arguments[0]} to " +
                $"{problem.Arguments[1]}; change the bound, which counts bytes"),
        [MessageProblemKind.ClosedWithoutEnum] = (MessageDiagnostics.ClosedEnumWithoutEnum,
            problem => $"'{problem.Arguments[0]}' contains no enum; remove [ClosedEnum]"),
        [MessageProblemKind.ConverterMismatch] = (MessageDiagnostics.ConverterMismatch,
            problem => $"'{problem.Arguments[0]}' must implement IConverter<{problem.Arguments[1]}>, or IConverter of a type that " +
                $"'{problem.Arguments[1]}' contains"),
        [MessageProblemKind.RemainderWithoutBytes] = (MessageDiagnostics.MisplacedRemainder,
            problem => $"'{problem.Arguments[0]}' does not contain bytes; use ReadOnlyMemory<byte>, byte[] or, in a ref struct, ReadOnlySpan<byte>"),
        [MessageProblemKind.RemainderNotLast] = (MessageDiagnostics.MisplacedRemainder,
            problem => $"field '{problem.Arguments[0]}' follows the remainder; make the remainder the last field"),
        [MessageProblemKind.RemainderAsArgument] = (MessageDiagnostics.MisplacedRemainder,
            problem => $"'{problem.Arguments[1]}' ends with a remainder, which would include the bytes of later fields of '{problem.Arguments[0]}'; put " +
                $"'{problem.Arguments[1]}' into a vector with [ByteLength]"),
        [MessageProblemKind.SinceOutOfRange] = (MessageDiagnostics.InvalidVersion,
            problem => $"the first version is 1, but [Since] names {problem.Arguments[0]}; name version 1 or later"),
        [MessageProblemKind.SinceOutOfOrder] = (MessageDiagnostics.InvalidVersion,
            problem => $"it belongs to {VersionOf(problem.Arguments[1])} but follows a field of {VersionOf(problem.Arguments[0])}; declare fields of later versions last"),
        [MessageProblemKind.SinceWithoutDefault] = (MessageDiagnostics.InvalidVersion,
            problem => "it has no default for earlier versions; make the parameter optional, or the property not required"),
        [MessageProblemKind.SinceBesideRemainder] = (MessageDiagnostics.InvalidVersion,
            problem => "the message ends with a remainder, and an earlier version would read the bytes of this field as part of the remainder; remove " +
                "the remainder or [Since]"),
        [MessageProblemKind.EndlessRecursion] = (MessageDiagnostics.InfiniteSize,
            problem => $"it always contains a message of its own type through {string.Join(", ", problem.Arguments)}; make one of these fields optional, a list or a union"),
        [MessageProblemKind.UnsupportedTag] = (MessageDiagnostics.UnsupportedTag,
            problem => $"the tag type '{problem.Arguments[0]}' is not supported; use byte, ushort, uint, ulong or an enum"),
        [MessageProblemKind.CaseNotDerived] = (MessageDiagnostics.InvalidCase,
            problem => $"'{problem.Arguments[0]}' must be a [Message] that derives from the union"),
        [MessageProblemKind.TagOutOfRange] = (MessageDiagnostics.InvalidCase,
            problem => $"the tag {problem.Arguments[1]} of '{problem.Arguments[0]}' is not a value of the tag type; change the tag, or set a larger " +
                "type with 'Tag' of [Union]"),
        [MessageProblemKind.DuplicateTag] = (MessageDiagnostics.AmbiguousUnion,
            problem => $"'{problem.Arguments[1]}' and '{problem.Arguments[2]}' have the same tag {problem.Arguments[0]}; change one of the tags"),
        [MessageProblemKind.DuplicateCase] = (MessageDiagnostics.AmbiguousUnion,
            problem => $"'{problem.Arguments[0]}' has two tags, so one value would have two encodings; remove one tag, or declare a separate case for " +
                "each tag"),
        [MessageProblemKind.NoCase] = (MessageDiagnostics.UnionWithoutCases,
            problem => "add [UnionCase<T>(tag)] for each message that derives from the union"),
        [MessageProblemKind.MalformedUnknownCase] = (MessageDiagnostics.InvalidUnknownCase,
            problem => $"'{problem.Arguments[0]}' must be a nested record that derives from the union and has exactly two parameters, '{problem.Arguments[1]}' and ReadOnlyMemory<byte>"),
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        MessageDiagnostics.MessageNotPartial, MessageDiagnostics.FileLocalMessage, MessageDiagnostics.InvalidMessageType, MessageDiagnostics.UndefinedFieldOrder,
        MessageDiagnostics.InheritedFields, MessageDiagnostics.MessageNotConstructible, MessageDiagnostics.UnsupportedType, MessageDiagnostics.BoundWithoutEffect,
        MessageDiagnostics.ImpossibleBound, MessageDiagnostics.ClosedEnumWithoutEnum, MessageDiagnostics.ConverterMismatch, MessageDiagnostics.MisplacedRemainder,
        MessageDiagnostics.InvalidVersion, MessageDiagnostics.InfiniteSize, MessageDiagnostics.UnsupportedTag, MessageDiagnostics.InvalidCase,
        MessageDiagnostics.AmbiguousUnion, MessageDiagnostics.UnionWithoutCases, MessageDiagnostics.InvalidUnknownCase,
    ];

    /// <inheritdoc/>
    private protected override IEnumerable<Finding> Check(INamedTypeSymbol message, MessageReading reading)
    {
        // One finding for the message and the types around it: the code fix makes all of them partial.
        if (reading.Problems.FirstOrDefault(problem => problem.Kind == MessageProblemKind.NotPartial) is { } notPartial)
            yield return new Finding(MessageDiagnostics.MessageNotPartial, notPartial, MessageReader.IsUnion(message) ? "Union" : "Message", notPartial.Arguments[0]);
        foreach (var problem in reading.Problems)
        {
            if (Rules.TryGetValue(problem.Kind, out var found))
                yield return new Finding(found.Rule, problem, found.Reason(problem));
        }
    }

    private static string VersionOf(string number) => number == "0" ? "every version" : $"version {number}";
}
