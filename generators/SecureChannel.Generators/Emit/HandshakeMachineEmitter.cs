using SecureChannel.Model.Declarations;
using SecureChannel.Model.Handshakes;
using static SecureChannel.Generators.Emit.HandshakeNames;

namespace SecureChannel.Generators.Emit;

/// <summary>The emitter of the state machine of one role of a handshake: the partial methods that the user implements, and the tables that call them.</summary>
internal sealed class HandshakeMachineEmitter(HandshakeMachineModel machine)
{
    private readonly DeclarationModel _declaration = machine.Declaration;
    private readonly SourceWriter _source = SourceWriter.ForFile(machine.Declaration.Namespace);
    private readonly string _states = Qualify(machine.Declaration.Namespace, machine.Declaration.Name);
    private readonly string _transition = $"global::SecureChannel.CompilerServices.HandshakeTransition<{Qualify(machine.Declaration.Namespace, machine.Declaration.Name)}>";

    /// <summary>Returns the source of the state machine.</summary>
    public string Emit()
    {
        var role = machine.Role == RoleModel.Client ? "client" : "server";
        _source.Line($"/// <summary>The {role} of the handshake <c>{Escape(_declaration.ProtocolName)}</c>.{(_declaration.Documentation is { } text ? " " + text : "")}</summary>");
        _source.Line($"/// <remarks>Generated from <see cref=\"{_states}\"/>, which declares the order of the messages.</remarks>");
        _source.Line(GeneratedCode.Attribute);
        _source.Open($"{_declaration.Accessibility} partial class {machine.Name} : {Handshakes}HandshakeMachine<{_states}>");
        EmitProperties();
        foreach (var state in machine.Choices)
            EmitChoice(state);
        foreach (var transition in machine.Handlers)
            EmitHandler(transition);
        foreach (var transition in machine.Writers)
            EmitWriter(transition);
        foreach (var state in machine.Entered)
            EmitEnterMethod(state);
        foreach (var group in machine.SentAtWill)
            EmitSendMethod(group.Key, [.. group]);
        EmitDispatch();
        EmitWriteNext();
        EmitEnterState();
        EmitLookup("string? NameOf(int code) => code", machine.Codes.Select(item => ($"{item.Code}", item.Name)));
        EmitLookup($"string? ExpectedIn({_states} state) => state", _declaration.States.Where(state => machine.Received(state).Any()).Select(state => (NameOf(state), ExpectedIn(state))));
        _source.Close();
        return _source.ToString();
    }

    private void EmitProperties()
    {
        _source.Line("/// <inheritdoc/>");
        _source.Line($"public override global::SecureChannel.Role Role => global::SecureChannel.Role.{machine.Role};");
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Line($"protected override bool RequiresPeerIdentity({_states} state) => {IsOneOf(machine.RequirePeerIdentity)};");
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Line($"protected override bool IsEstablished({_states} state) => {IsOneOf(_declaration.States.Where(state => state.IsEstablished))};");
    }

    private string IsOneOf(IEnumerable<StateModel> states) => states.Any() ? "state is " + string.Join(" or ", states.Select(NameOf)) : "false";

    private void EmitChoice(StateModel state)
    {
        _source.Line();
        _source.Line($"/// <summary>The messages that can be sent in <see cref=\"{NameOf(state)}\"/>.</summary>");
        _source.Line(GeneratedCode.Attribute);
        _source.Open($"private enum {state.Name}Choice");
        var isFirst = true;
        foreach (var transition in machine.Owed(state))
        {
            if (!isFirst)
                _source.Line();
            isFirst = false;
            _source.Line($"/// <summary>Sends {WithArticle(transition.Label)}; the next state is <see cref=\"{NextOf(transition)}\"/>.</summary>");
            _source.Line($"{transition.Label},");
        }

        _source.Close();
        _source.Line();
        _source.Line($"/// <summary>Chooses the message to send in <see cref=\"{NameOf(state)}\"/>.</summary>");
        _source.Line($"private partial {state.Name}Choice Choose{state.Name}();");
    }

    private void EmitHandler(Transition transition)
    {
        var proof = machine.IsProof(transition) ? $" The result must prove the identity of the {(machine.Role == RoleModel.Client ? "server" : "client")}." : "";
        _source.Line();
        _source.Line($"/// <summary>Handles a received {transition.Label}.{proof}</summary>");
        _source.Line("/// <param name=\"message\">The message, valid until its handler has finished.</param>");
        _source.Line("/// <param name=\"before\">The preceding messages.</param>");
        _source.Line($"private partial {(proof.Length > 0 ? AuthenticationResult : HandshakeResult)} {HandshakeMachineModel.HandlerOf(transition)}(");
        _source.Deeper($"in {transition.Message.FullyQualifiedName} message, in global::SecureChannel.Cryptography.Transcript before);");
    }

    private void EmitWriter(Transition transition)
    {
        _source.Line();
        _source.Line($"/// <summary>Writes the {transition.Label} to send.</summary>");
        _source.Line("/// <param name=\"sink\">The destination.</param>");
        _source.Line($"private partial {HandshakeResult} Write{transition.Label}(");
        _source.Deeper($"ref {SinkOf(transition)} sink);");
    }

    private void EmitEnterMethod(StateModel state)
    {
        _source.Line();
        _source.Line($"/// <summary>Runs when the handshake enters <see cref=\"{NameOf(state)}\"/>. The transcript contains the preceding message.</summary>");
        _source.Line($"partial void Enter{state.Name}();");
    }

    private void EmitSendMethod(string label, (StateModel State, Transition Transition)[] places)
    {
        _source.Line();
        _source.Line($"/// <summary>Sends {WithArticle(label)}. The current state must allow it.</summary>");
        _source.Line($"/// <exception cref=\"{InvalidOperation}\">The state does not allow the message.</exception>");
        _source.Open($"private void Send{label}()");
        _source.Open("var next = State switch");
        foreach (var (state, transition) in places)
            _source.Line($"{NameOf(state)} => {NextOf(transition)},");
        _source.Line($"_ => throw new {InvalidOperation}($\"'{label}' cannot be sent in state '{{State}}'.\"),");
        _source.Close(";");
        _source.Line($"CreateSink(out {SinkOf(places[0].Transition)} sink);");
        _source.Line($"Send(new(\"{places[0].Transition.Message.Identifier}\", Write{label}(ref sink), next), Send{label});");
        _source.Close();
    }

    private void EmitDispatch()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open($"protected override {_transition} Dispatch(int code) => (State, code) switch");
        foreach (var state in _declaration.States)
        {
            foreach (var group in machine.ReceivedByMessage(state))
                EmitReceivedRow(state, group.Key, [.. group]);
        }

        _source.Line("_ => Unexpected(NameOf(code), ExpectedIn(State)),");
        _source.Close(";");
    }

    private void EmitReceivedRow(StateModel state, MessageReference message, Transition[] transitions)
    {
        _source.Line($"({NameOf(state)}, {message.Code}) when TryRead(out {message.FullyQualifiedName} message) =>");
        _source.Indent();
        var prefix = "";
        foreach (var variant in machine.VariantsOf(message))
        {
            var transition = transitions.FirstOrDefault(candidate => candidate.Message.Equals(variant));
            _source.Line($"{prefix}{variant.FullyQualifiedName}.Is(in message)");
            _source.Line("? " + (transition is null ? UnexpectedRow(variant) : ReceivedRow(transition, $"new {variant.FullyQualifiedName}(message)")));
            prefix = ": ";
        }

        var plain = transitions.FirstOrDefault(transition => transition.Message.VariantOf is null);
        _source.Line($"{prefix}{(plain is null ? UnexpectedRow(message) : ReceivedRow(plain, "in message"))},");
        _source.Outdent();
    }

    private void EmitWriteNext()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open($"protected override {_transition} WriteNext() => State switch");
        foreach (var state in machine.Turns)
        {
            if (!machine.Owed(state).Skip(1).Any())
            {
                EmitSentRow(NameOf(state), machine.Owed(state).Single());
                continue;
            }

            _source.Open($"{NameOf(state)} => Choose{state.Name}() switch");
            foreach (var transition in machine.Owed(state))
                EmitSentRow($"{state.Name}Choice.{transition.Label}", transition);
            _source.Line($"_ => throw new {InvalidOperation}(\"'Choose{state.Name}' returned a value that '{state.Name}Choice' does not define.\"),");
            _source.Close(",");
        }

        _source.Line("// The peer sends next.");
        _source.Line("_ => default,");
        _source.Close(";");
    }

    private void EmitSentRow(string key, Transition transition)
    {
        _source.Line($"{key} when CreateSink(out {SinkOf(transition)} sink) =>");
        _source.Deeper($"new(\"{transition.Message.Identifier}\", Write{transition.Label}(ref sink), {NextOf(transition)}),");
    }

    private void EmitEnterState()
    {
        _source.Line();
        _source.Line("/// <inheritdoc/>");
        _source.Open($"protected override void EnterState({_states} state)");
        _source.Open("switch (state)");
        foreach (var state in machine.Entered)
        {
            _source.Line($"case {NameOf(state)}:");
            _source.Deeper($"Enter{state.Name}();\nbreak;");
        }

        _source.Close();
        _source.Close();
    }

    private void EmitLookup(string header, IEnumerable<(string Key, string Text)> entries)
    {
        _source.Line();
        _source.Open($"private static {header} switch");
        foreach (var (key, text) in entries)
            _source.Line($"{key} => \"{text}\",");
        _source.Line("_ => null,");
        _source.Close(";");
    }

    private string ReceivedRow(Transition transition, string argument)
    {
        var result = $"{HandshakeMachineModel.HandlerOf(transition)}({argument}, Transcript)";
        return $"new(\"{transition.Message.Identifier}\", {(machine.IsProof(transition) ? $"RecordProof({result})" : result)}, {NextOf(transition)})";
    }

    private static string UnexpectedRow(MessageReference message) => $"Unexpected(\"{message.Identifier}\", ExpectedIn(State))";

    private string ExpectedIn(StateModel state) => Enumerate([.. machine.Received(state).Select(transition => transition.Message.Identifier)]);

    private string NameOf(StateModel state) => $"{_states}.{state.Name}";

    private string NextOf(Transition transition) => $"{_states}.{transition.NextName}";

    private static string SinkOf(Transition transition) => $"{Handshakes}MessageSink<{transition.Message.FullyQualifiedName}>";

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;");
}
