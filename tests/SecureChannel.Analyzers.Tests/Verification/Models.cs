using SecureChannel.Analyzers.Verification;
using SecureChannel.Model;
using SecureChannel.Model.Declarations;
using SecureChannel.Testing.Declarations;

namespace SecureChannel.Analyzers.Tests.Verification;

/// <summary>Declarations as the generator's model, without a compiler.</summary>
internal static class Models
{
    public static DeclarationModel Of(SampleDeclaration declaration) => new(
        DeclarationKind.Protocol,
        "sample/1",
        "",
        "P",
        true,
        new EquatableArray<StateModel>([.. declaration.States.Select((state, index) => new StateModel(
            index,
            $"S{index}",
            state.IsFinal,
            false,
            new EquatableArray<Transition>([.. TransitionsOf(declaration, index)]),
            null))]),
        null);

    public static StateGraph GraphOf(SampleDeclaration declaration) => new(Of(declaration));

    public static SampleDeclaration With(SampleDeclaration declaration, IReadOnlyList<Addition> added) => declaration with
    {
        States = [.. declaration.States.Select((state, index) => state with
        {
            Transitions =
            [
                .. state.Transitions,
                .. added.Where(addition => addition.State == index).Select(addition => new SampleTransition(
                    addition.Copied.Sender == RoleModel.Client ? Role.Client : Role.Server, addition.Copied.Message.Code!.Value, addition.Next)),
            ],
        })],
    };

    private static List<Transition> TransitionsOf(SampleDeclaration declaration, int index)
    {
        var state = declaration.States[index];
        var transitions = new List<Transition>();
        foreach (var item in state.Transitions)
            transitions.Add(new Transition(index, transitions.Count, RoleOf(item.Sender), MessageOf(item.Message), item.Next, $"S{item.Next}", null, null));
        foreach (var item in state.IsFinal ? [] : state.Anytime.Concat(declaration.Anytime))
            transitions.AddRange(LoopOf(item).In(index, $"S{index}", transitions.Count));
        return transitions;
    }

    private static AnytimeModel LoopOf(SampleAnytime item) => new(item.By is { } by ? RoleOf(by) : null, MessageOf(item.Message), null);

    private static RoleModel RoleOf(Role role) => role == Role.Client ? RoleModel.Client : RoleModel.Server;

    private static MessageReference MessageOf(int number) => new("", $"M{number}", $"M{number}", $"global::M{number}", true, false, true, number, null, null);
}
