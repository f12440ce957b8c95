namespace SecureChannel.Generators.Tests.Messages.Random;

/// <summary>Random C# declarations: messages of every form, unions and enums, which contain each other.</summary>
internal sealed class RandomDeclarations
{
    private readonly System.Random _random;
    private readonly RandomTypes _types;
    private readonly List<string> _source = [];
    private readonly List<string> _makes = [];
    private readonly List<RandomType> _messages = [];
    private int _count;

    /// <summary>Creates random declarations.</summary>
    /// <param name="seed">The seed. The same seed produces the same declarations.</param>
    /// <param name="namespaceName">The namespace of the declarations.</param>
    /// <param name="others">The messages of another assembly, which the declarations can contain, too.</param>
    public RandomDeclarations(int seed, string namespaceName, IEnumerable<RandomType> others)
    {
        _random = new System.Random(seed);
        _types = new RandomTypes(_random);
        Namespace = namespaceName;
        foreach (var other in others)
            _types.AddMessage(other);
        for (var i = 0; i < 5; i++)
            DeclareEnum();
        for (var i = 0; i < 30; i++)
            DeclareMessage();
        for (var i = 0; i < 5; i++)
            DeclareUnion();
        for (var i = 0; i < 15; i++)
            DeclareMessage();
    }

    public string Namespace { get; }

    /// <summary>Gets the messages that are declared.</summary>
    public IReadOnlyList<RandomType> Messages => _messages;

    /// <summary>Gets the source of the declarations, and of a class <c>Cases</c> with a property <c>All</c>.</summary>
    public string Source => $$"""
        #nullable enable
        using SecureChannel;
        using SecureChannel.Generators.Tests.Messages.Random;
        namespace {{Namespace}};

        {{string.Join("\n", _source)}}
        public static class Cases
        {
        {{string.Join("\n", _makes)}}
            public static MessageCase[] All { get; } =
            [
        {{string.Join("\n", _messages.Select(message => $"        MessageCase.Of<{message.Name}>(v => {message.Make}),"))}}
            ];
        }
        """;

    private void DeclareEnum()
    {
        var name = $"E{++_count}";
        var underlying = new[] { ("byte", 1), ("sbyte", 1), ("ushort", 2), ("short", 2), ("uint", 4), ("int", 4), ("ulong", 8), ("long", 8) }[_types.Next(8)];
        var form = _types.Next(3);
        _source.Add($"{new[] { "", "[ClosedEnum] ", "[ClosedEnum, System.Flags] " }[form]}public enum {name} : {underlying.Item1} {{ A = 1, B = 2, C = 8, D = 127 }}");
        var full = $"{Namespace}.{name}";
        _types.AddEnum(new RandomType(
            full,
            form switch { 0 => $"({full})v.Bits<{underlying.Item1}>()", 1 => $"(v.Flag() ? {full}.A : {full}.D)", _ => $"({full})v.Next(128)" },
            underlying.Item2));
    }

    private void DeclareMessage() => Declare($"M{++_count}", _types.Next(7), "");

    // One of the forms of a declaration of a message.
    private RandomType Declare(string name, int form, string parent)
    {
        var isNested = parent.Length == 0 && _types.Next(6) == 0;
        var full = $"{Namespace}.{(isNested ? $"Outer{name}." : "")}{name}";
        var isStruct = parent.Length == 0 && form is 1 or 4;
        var make = $"{Namespace}.Cases.{name}(v)";
        var fields = Fields(new RandomType(full, make, IsReference: true), isStruct, form == 5, out var since);
        var hasConstructor = form is not (2 or 4);
        var source = form switch
        {
            1 => $"public readonly partial record struct {name}({Parameters(fields, since, "property: ")});",
            2 => $"public sealed partial {Kind(parent)} {name}{parent} {{ {Properties(fields, since, "init")} }}",
            3 => $"public sealed partial {Kind(parent)} {name}({Arguments(fields, since)}){parent} {{ {GetOnly(fields, since, i => $" = f{i};")} }}",
            4 => $"public partial struct {name} {{ {string.Join(" ", fields.Select((field, i) => $"{Attributes(field, i, since)}public {field.Name} F{i};"))} }}",
            5 => $"public sealed partial {Kind(parent)} {name}{parent} {{ public {name}({Arguments(fields, since)}) {{ {Assignments(fields)} }} {GetOnly(fields, since, _ => "", "private set; ")} }}",
            _ => $"public sealed partial record {name}({Parameters(fields, since, "property: ")}){parent};",
        };
        source = $"[Message({(_types.Next(2) == 0 ? "" : $"{_count}")})] {source}".Replace("[Message()]", "[Message]", StringComparison.Ordinal);
        _source.Add(isNested ? $"public partial class Outer{name} {{ {source} }}" : source);

        var values = hasConstructor ? fields.Select(field => field.Make) : fields.Select((field, i) => $"F{i} = {field.Make}");
        _makes.Add($"    public static {full} {name}(Values v) => v.Inside(() => new {full}{(hasConstructor ? $"({string.Join(", ", values)})" : $" {{ {string.Join(", ", values)} }}")});");
        var isOpenEnded = fields.Count > 0 && fields[^1].Attribute.StartsWith("Remainder", StringComparison.Ordinal);
        var message = new RandomType(full, make, IsReference: !isStruct, MayBeEmpty: !isOpenEnded && fields.All(field => field.MayBeEmpty), IsOpenEnded: isOpenEnded);
        _messages.Add(message);
        if (parent.Length == 0)
            _types.AddMessage(message);
        return message;
    }

    // A case of a union must be a record, because the union is one.
    private static string Kind(string parent) => parent.Length == 0 ? "class" : "record";

    private List<RandomType> Fields(RandomType self, bool isStruct, bool isChecked, out int since)
    {
        var fields = Enumerable.Range(0, _types.Next(7)).Select(_ => _types.Field()).ToList();
        if (isChecked)
            fields.Insert(0, new RandomType("byte", "(byte)v.Next(201)", 1));
        // A record whose only parameter has its own type would have two copy constructors.
        if (!isStruct && fields.Count > 0 && _types.Next(5) == 0)
            fields.Add(RandomTypes.Optional(self));
        since = fields.Count;
        if (fields.Count > 0 && !fields[0].MayBeEmpty && _types.Next(4) == 0)
        {
            since = fields.Count;
            fields.AddRange([new RandomType("int?", "v.MaybeValue<int>(() => v.Bits<int>())"), new RandomType("string?", "v.MaybeReference<string>(() => v.Text(0, 9))")]);
        }
        else if (_types.Next(6) == 0)
        {
            fields.Add(new RandomType("byte[]", "v.Bytes(0, 9)", IsReference: true, MayBeEmpty: true, Attribute: "Remainder(0, 20)"));
            since = fields.Count;
        }

        return fields;
    }

    private static string Attributes(RandomType field, int index, int since, string target = "")
    {
        var attributes = field.Attribute.Length == 0 ? new List<string>() : [field.Attribute];
        if (index >= since)
            attributes.Add($"Since({index - since + 2})");
        return attributes.Count == 0 ? "" : $"[{target}{string.Join(", ", attributes)}] ";
    }

    private static string Parameters(List<RandomType> fields, int since, string target) =>
        string.Join(", ", fields.Select((field, i) => $"{Attributes(field, i, since, target)}{field.Name} F{i}{(i >= since ? " = null" : "")}"));

    private static string Arguments(List<RandomType> fields, int since) =>
        string.Join(", ", fields.Select((field, i) => $"{field.Name} f{i}{(i >= since ? " = null" : "")}"));

    private static string Assignments(List<RandomType> fields) =>
        $"if (f0 > 200) throw new System.ArgumentException(\"too large\"); {string.Concat(fields.Select((_, i) => $"F{i} = f{i}; "))}";

    private static string Properties(List<RandomType> fields, int since, string setter) =>
        string.Join(" ", fields.Select((field, i) => $"{Attributes(field, i, since)}public {(i >= since ? "" : "required ")}{field.Name} F{i} {{ get; {setter}; }}"));

    private static string GetOnly(List<RandomType> fields, int since, Func<int, string> initializer, string setter = "") =>
        string.Join(" ", fields.Select((field, i) => $"{Attributes(field, i, since)}public {field.Name} F{i} {{ get; {setter}}}{initializer(i)}"));

    private void DeclareUnion()
    {
        var name = $"U{++_count}";
        var tag = new[] { "byte", "ushort", "uint", "Tools.Open" }[_types.Next(4)];
        var hasUnknown = _types.Next(2) == 0;
        var cases = Enumerable.Range(1, 1 + _types.Next(3)).Select(i => Declare($"{name}Case{i}", new[] { 0, 2, 5 }[_types.Next(3)], $" : {name}")).ToList();
        _source.Add($"[Union(Tag = typeof({tag})){(_types.Next(2) == 0 ? ", ByteLength(0, 0xFFFFFF)" : "")}]");
        for (var i = 0; i < cases.Count; i++)
            _source.Add($"[UnionCase<{cases[i].Name}>({(tag == "Tools.Open" ? $"(Tools.Open){i + 1}" : $"{i + 1}")})]");
        _source.Add($"public abstract partial record {name}{(hasUnknown ? $" {{ [UnknownCase] public sealed record Other({tag} Tag, System.ReadOnlyMemory<byte> Content) : {name}; }}" : ";")}");

        var full = $"{Namespace}.{name}";
        var makes = cases.Select(declared => declared.Make).ToList();
        if (hasUnknown)
            makes.Add($"new {full}.Other(({tag})(100 + v.Next(100)), v.Bytes(0, 20))");
        var choices = string.Join(", ", makes.Select((make, i) => $"{(i == makes.Count - 1 ? "_" : $"{i}")} => ({full}){make}"));
        _makes.Add($"    public static {full} {name}(Values v) => v.Next({makes.Count}) switch {{ {choices} }};");
        var union = new RandomType(full, $"{Namespace}.Cases.{name}(v)", IsReference: true);
        _messages.Add(union);
        _types.AddMessage(union);
    }
}
