using SecureChannel.Analyzers.Usage;

namespace SecureChannel.CodeFixes.Tests;

public sealed class SCH3005AddArmsTests
{
    [Fact]
    public Task Adds_an_arm_to_an_expression() => CheckAsync(
        """
                var account = await authenticating.ReceiveAsync() [|switch|]
                {
                    BankClient.Authenticating.LoginAccepted(var accepted, _) => accepted.Account,
                };
        """,
        """
                var account = await authenticating.ReceiveAsync() switch
                {
                    BankClient.Authenticating.LoginAccepted(var accepted, _) => accepted.Account,
                    BankClient.Authenticating.LoginRejected(var loginRejected, var closed2) => throw new System.NotImplementedException(),
                };
        """);

    [Fact]
    public Task Adds_an_arm_after_one_without_a_comma() => CheckAsync(
        """
                var account = await authenticating.ReceiveAsync() [|switch|]
                {
                    BankClient.Authenticating.LoginRejected => 0
                };
        """,
        """
                var account = await authenticating.ReceiveAsync() switch
                {
                    BankClient.Authenticating.LoginRejected => 0,
                    BankClient.Authenticating.LoginAccepted(var loginAccepted, var ready2) => throw new System.NotImplementedException(),
                };
        """);

    [Fact]
    public Task Adds_a_section_to_a_statement() => CheckAsync(
        """
                [|switch|] (await authenticating.ReceiveAsync())
                {
                    case BankClient.Authenticating.LoginAccepted:
                        break;
                }
        """,
        """
                switch (await authenticating.ReceiveAsync())
                {
                    case BankClient.Authenticating.LoginAccepted:
                        break;
                    case BankClient.Authenticating.LoginRejected(var loginRejected, var closed2):
                        throw new System.NotImplementedException();
                }
        """);

    [Fact]
    public Task Adds_all_sections_to_an_empty_statement() => CheckAsync(
        """
                [|switch|] (await authenticating.ReceiveAsync())
                {
                }
        """,
        """
                switch (await authenticating.ReceiveAsync())
                {
                    case BankClient.Authenticating.LoginAccepted(var loginAccepted, var ready2):
                        throw new System.NotImplementedException();
                    case BankClient.Authenticating.LoginRejected(var loginRejected, var closed2):
                        throw new System.NotImplementedException();
                }
        """);

    [Fact]
    public Task Adds_an_arm_for_a_message_that_a_lane_receives() => CheckAsync(
        """
                await foreach (var arrived in receiving)
                {
                    [|switch|] (arrived)
                    {
                        case ChatClient.Talking.Incoming.Leave:
                            break;
                    }
                }
        """,
        """
                await foreach (var arrived in receiving)
                {
                    switch (arrived)
                    {
                        case ChatClient.Talking.Incoming.Leave:
                            break;
                        case ChatClient.Talking.Incoming.Say(var say):
                            throw new System.NotImplementedException();
                    }
                }
        """);

    [Fact]
    public Task Adds_an_arm_for_a_state_in_which_lanes_can_be_joined() => CheckAsync(
        """
                var left = talker.Join(receiving) [|switch|]
                {
                    ChatClient.Talking.SendLane.Rejoined.Talking => "both",
                };
        """,
        """
                var left = talker.Join(receiving) switch
                {
                    ChatClient.Talking.SendLane.Rejoined.Talking => "both",
                    ChatClient.Talking.SendLane.Rejoined.ServerLeft(var serverLeft) => throw new System.NotImplementedException(),
                };
        """);

    private static Task CheckAsync(string body, string expected) => UsageFixTest.CheckAsync<SCH3005ReplyNotHandled, SCH3005AddArms>(body, expected);
}
