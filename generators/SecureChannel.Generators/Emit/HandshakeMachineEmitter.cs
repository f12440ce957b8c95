using SecureChannel.Model.Declarations;
using SecureChannel.Model.Handshakes;

namespace SecureChannel.Generators.Emit;

/// <summary>Writes one role's machine: the methods that are to be written by hand, and the tables that call them.</summary>
internal sealed class HandshakeMachineEmitter(HandshakeMachineModel machine)
{
    private readonly DeclarationModel _declaration = machine.Declaration;
    private readonly SourceWriter _source = SourceWriter.ForFile(machine.Declaration.Namespace, "System", "SecureChannel", "SecureChannel.Cryptography", "SecureChannel.Handshakes");

    private string Enum => _declaration.Name;

    public string Emit()
    {
        var role = machine.Role == RoleModel.Client ? "client" : "server";
        _source.Line($"/// <summary>The {role}'s side of <c>{Escape(_declaration.ProtocolName)}</c>.{(_declaration.Documentation is { } text ? " " + text : "")}</summary>");
        _source.Line($"/// <remarks>Generated from <see cref=\"{Enum}\"/>, the only place that knows the order.</remarks>");
        _source.Open($"{_declaration.Accessibility} partial class {machine.Name} : HandshakeMachine<{Enum}>");
        EmitFacts();
        foreach (var state in machine.Choices)
            EmitChoice(state);
        foreach (var transition in machine.Handlers)
            EmitHandler(transition);
        foreach (var transition in machine.Writers)
            EmitWriter(transition);
        foreach (var state in machine.Entered)
            EmitHook(state);
        foreach (var group in machine.SentAtWill)
            EmitSendAtWill(group.Key, [.. group]);
        EmitReceive();
        EmitSend();
        EmitEnter();
        _source.Close();
        return _source.ToString();
    }

    private void EmitFacts()
    {
        var established = _declaration.States.Where(state => state.IsEstablished).Select(state => $"{Enum}.{state.Name}").ToArray();
        _source.Line("/// <inheritdoc/>");
        _source.Line($"public override Role Role => Role.{machine.Role};");
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Line($"protected override bool RequiresPeerIdentity => {(machine.RequiresPeerIdentity ? "true" : "false")};");
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Line($"protected override bool IsEstablished({Enum} state) => {(established.Length == 0 ? "false" : "state is " + string.Join(" or ", established))};");
    }

    private void EmitChoice(StateModel state)
    {
        _source.Line();
        _source.Line($"/// <summary>What may be sent in <see cref=\"{Enum}.{state.Name}\"/>.</summary>");
        _source.Open($"private enum {state.Name}Choice");
        var isFirst = true;
        foreach (var transition in machine.Owed(state))
        {
            if (!isFirst)
                _source.Line();
            isFirst = false;
            _source.Line($"/// <summary>Send {transition.Label}, then go to <see cref=\"{Enum}.{transition.NextName}\"/>.</summary>");
            _source.Line($"{transition.Label},");
        }

        _source.Close();
        _source.Line();
        _source.Line($"/// <summary>Chooses what to send in <see cref=\"{Enum}.{state.Name}\"/>.</summary>");
        _source.Line($"private partial {state.Name}Choice Choose{state.Name}();");
    }

    private void EmitHandler(Transition transition)
    {
        var type = TypeOf(transition.Message);
        _source.Line();
        _source.Line($"/// <summary>Judges {Article(transition.Message.Name)} that has arrived{(machine.IsProof(transition) ? $": it must prove the {transition.Sender.ToString().ToLowerInvariant()}'s identity" : "")}.</summary>");
        _source.Line("/// <param name=\"message\">The message, well-formed; valid until it is accepted or refused.</param>");
        _source.Line("/// <param name=\"before\">The messages before it.</param>");
        _source.Line($"private partial {(machine.IsProof(transition) ? "AuthenticationResult" : "HandshakeResult")} {HandshakeMachineModel.HandlerOf(transition)}(in {type} message, in Transcript before);");
    }

    private void EmitWriter(Transition transition)
    {
        _source.Line();
        _source.Line($"/// <summary>Writes the {transition.Label} that is to be sent.</summary>");
        _source.Line("/// <param name=\"flight\">Takes the message.</param>");
        _source.Line($"private partial HandshakeResult Write{transition.Label}(ref MessageSink<{TypeOf(transition.Message)}> flight);");
    }

    private void EmitHook(StateModel state)
    {
        _source.Line();
        _source.Line($"/// <summary>Runs when <see cref=\"{Enum}.{state.Name}\"/> is entered; the message that led there is in the transcript.</summary>");
        _source.Line($"partial void Enter{state.Name}();");
    }

    private void EmitSendAtWill(string label, (StateModel State, Transition Transition)[] places)
    {
        _source.Line();
        _source.Line($"/// <summary>Sends {Article(label)} when this end likes.</summary>");
        _source.Line($"/// <exception cref=\"InvalidOperationException\">The state allows none.</exception>");
        _source.Open($"private void Send{label}()");
        _source.Open("var next = State switch");
        foreach (var (state, transition) in places)
            _source.Line($"{Enum}.{state.Name} => {Enum}.{transition.NextName},");
        _source.Line($"_ => throw new InvalidOperationException($\"{label} cannot be sent in state {{State}}.\"),");
        _source.Close(";");
        _source.Line($"var flight = Begin<{TypeOf(places[0].Transition.Message)}>();");
        _source.Line($"Sent(in flight, Write{label}(ref flight), next, Send{label});");
        _source.Close();
    }

    private void EmitReceive()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open("protected override void Receive(int code)");
        _source.Open("switch (State, code)");
        foreach (var state in _declaration.States)
        {
            foreach (var group in machine.ReceivedByMessage(state))
                EmitArrival(state, group.Key, [.. group]);
        }

        _source.Line("default:");
        _source.Deeper("Refuse(NameOf(code), LegalIn(State));\nbreak;");
        _source.Close();
        _source.Close();
        _source.Line();
        EmitLookup("string? NameOf(int code) => code", machine.Codes.Select(item => ($"{item.Code}", item.Name)));
        _source.Line();
        EmitLookup($"string? LegalIn({Enum} state) => state", _declaration.States.Where(state => machine.Received(state).Any()).Select(state => ($"{Enum}.{state.Name}", LegalIn(state))));
    }

    private void EmitArrival(StateModel state, MessageReference message, Transition[] transitions)
    {
        var plain = transitions.FirstOrDefault(transition => transition.Message.VariantOf is null);
        var otherwise = plain is null ? $"Refuse(\"{message.Name}\", LegalIn(State));" : Received(plain, "in message");
        var variants = machine.VariantsOf(message).ToArray();

        _source.Line($"case ({Enum}.{state.Name}, {message.Code}):");
        _source.Brace();
        _source.Line($"if (!TryRead<{TypeOf(message)}>(out var message))");
        _source.Deeper("break;");
        foreach (var variant in variants)
        {
            var transition = transitions.FirstOrDefault(candidate => candidate.Message.Equals(variant));
            _source.Line($"{(variant == variants[0] ? "if" : "else if")} ({TypeOf(variant)}.Is(in message))");
            _source.Deeper(transition is null ? $"Refuse(\"{variant.Name}\", LegalIn(State));" : Received(transition, $"new {TypeOf(variant)}(message)"));
        }

        if (variants.Length > 0)
        {
            _source.Line("else");
            _source.Deeper(otherwise);
        }
        else
        {
            _source.Line(otherwise);
        }

        _source.Line("break;");
        _source.Close();
    }

    private void EmitSend()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open("protected override bool Send()");
        _source.Open("switch (State)");
        foreach (var state in machine.Turns)
        {
            _source.Line($"case {Enum}.{state.Name}:");
            if (machine.Owed(state).Skip(1).Any())
            {
                _source.Indent();
                _source.Open($"switch (Choose{state.Name}())");
                foreach (var transition in machine.Owed(state))
                {
                    _source.Line($"case {state.Name}Choice.{transition.Label}:");
                    EmitSent(transition);
                }

                _source.Line("default:");
                _source.Deeper($"throw new InvalidOperationException(\"Choose{state.Name} returned none of its choices.\");");
                _source.Close();
                _source.Outdent();
            }
            else
            {
                EmitSent(machine.Owed(state).Single());
            }
        }

        _source.Line("default:");
        _source.Deeper("return false;");
        _source.Close();
        _source.Close();
    }

    private void EmitSent(Transition transition)
    {
        _source.Brace();
        _source.Line($"var flight = Begin<{TypeOf(transition.Message)}>();");
        _source.Line($"Sent(in flight, Write{transition.Label}(ref flight), {Enum}.{transition.NextName});");
        _source.Line("return true;");
        _source.Close();
    }

    private void EmitEnter()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open($"protected override void Enter({Enum} state)");
        _source.Open("switch (state)");
        foreach (var state in machine.Entered)
        {
            _source.Line($"case {Enum}.{state.Name}:");
            _source.Deeper($"Enter{state.Name}();\nbreak;");
        }

        _source.Close();
        _source.Close();
    }

    private void EmitLookup(string header, IEnumerable<(string Key, string Text)> entries)
    {
        _source.Open($"private static {header} switch");
        foreach (var (key, text) in entries)
            _source.Line($"{key} => \"{text}\",");
        _source.Line("_ => null,");
        _source.Close(";");
    }

    private string Received(Transition transition, string argument) =>
        $"Received<{TypeOf(transition.Message)}>({HandshakeMachineModel.HandlerOf(transition)}({argument}, Transcript), {Enum}.{transition.NextName});";

    private string LegalIn(StateModel state) => HandshakeNames.Enumerate([.. machine.Received(state).Select(transition => transition.Message.Identifier)]);

    private string TypeOf(MessageReference message) => HandshakeNames.TypeOf(message, _declaration.Namespace);

    private static string Article(string name) => ("AEIOU".IndexOf(name[0]) >= 0 ? "an " : "a ") + name;

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");
}
