namespace SecureChannel.Analyzers.Tests.Usage;

/// <summary>Cases with the lanes of a split state, for all usage rules.</summary>
internal static class LaneCases
{
    public static (string Name, string Body)[] Right { get; } =
    [
        ("send and receive at once", """
            var (s, r) = talking.Split();
            var saying = SayAsync(s);
            await foreach (var x in r)
                Console.WriteLine(x);
            await saying;

            static async Task SayAsync(ChatClient.Talking.SendLane s)
            {
                while (Console.ReadLine() is { } line)
                    await s.SendAsync(new Say(line));
                await s.SendAsync(new Leave());
            }
            """),
        ("a loop on each lane", "await Task.WhenAll(Helpers.TalkAsync(sending), Helpers.HearAsync(receiving)); _ = sending.Join(receiving);"),
        ("a loop on each lane, in variables", "var a = Helpers.TalkAsync(sending); var b = Helpers.HearAsync(receiving); await Task.WhenAll(a, b); _ = sending.Join(receiving);"),
        ("an operation on each lane", "await Task.WhenAll(sending.SendAsync(new Say(\"a\")).AsTask(), receiving.GetAsyncEnumerator(token).MoveNextAsync().AsTask());"),
        ("a send for each that arrives", "await foreach (var x in receiving) { if (x is ChatClient.Talking.Incoming.Say(var say)) await sending.SendAsync(say); }"),
        ("leave for what arrives", "await foreach (var x in receiving) { switch (x) { case ChatClient.Talking.Incoming.Say(var say): await sending.SendAsync(say); break; case ChatClient.Talking.Incoming.Leave: await sending.SendAsync(new Leave()); return; } }"),
        ("left, joined, and each state after it", """
            await foreach (var x in receiving)
                break;
            switch (sending.Join(receiving))
            {
                case ChatClient.Talking.SendLane.Rejoined.Talking(var both):
                    _ = await both.SendAsync(new Leave());
                    break;
                case ChatClient.Talking.SendLane.Rejoined.ServerLeft(var alone):
                    await alone.SendAsync(new Say("a"));
                    await alone.SendAsync(new Leave());
                    break;
            }
            """),
        ("entered again", "for (var i = 0; i < 3; i++) { await foreach (var x in receiving) break; } _ = sending.Join(receiving);"),
        ("heard until the end in finally", "var hearing = Helpers.HearAsync(receiving); try { await sending.SendAsync(new Say(\"a\")); } finally { await hearing; } _ = sending.Join(receiving);"),
        ("joined in finally", "try { await foreach (var x in receiving) await sending.SendAsync(new Say(\"a\")); } finally { _ = sending.Join(receiving); }"),
        ("given back by a cancelled send", "try { await sending.SendAsync(new Leave(), token); return; } catch (OperationCanceledException) { } await sending.SendAsync(new Say(\"a\"));"),
        ("given back by a cancelled receive", "try { await foreach (var x in receiving.WithCancellation(token)) Console.WriteLine(x); } catch (OperationCanceledException) { } _ = sending.Join(receiving);"),
        ("given back by a cancelled method", "try { await Helpers.TalkAsync(sending); } catch (OperationCanceledException) { await sending.SendAsync(new Leave()); }"),
        ("configured", "await foreach (var x in receiving.WithCancellation(token).ConfigureAwait(false)) await sending.SendAsync(new Say(\"a\")).ConfigureAwait(false); _ = sending.Join(receiving);"),
        ("enumerated by hand", "var all = receiving.GetAsyncEnumerator(token); while (await all.MoveNextAsync()) Console.WriteLine(all.Current); await all.DisposeAsync(); _ = sending.Join(receiving);"),
        ("enumerated by hand, in steps", "await using var all = receiving.GetAsyncEnumerator(token); var more = all.MoveNextAsync(); await sending.SendAsync(new Say(\"a\")); if (await more) Console.WriteLine(all.Current); _ = sending.Join(receiving);"),
        ("as what it implements", "IAsyncEnumerable<ChatClient.Talking.Incoming> all = receiving; await foreach (var x in all) Console.WriteLine(x); _ = sending.Join(receiving);"),
        ("lent", "Helpers.Look(receiving); await Helpers.HearAsync(receiving); await Helpers.TalkAsync(sending); _ = sending.Join(receiving);"),
        ("passed to a method that ends both", "await Helpers.LeaveAsync(sending, receiving);"),
        ("passed to a method without attributes", "await Helpers.RunAsync(sending, receiving);"),
        ("enumerated by a local function", "await HearAsync(); _ = sending.Join(receiving); async Task HearAsync() { await foreach (var x in receiving) Console.WriteLine(x); }"),
        ("enumerated by a lambda", "Func<Task> hear = async () => { await foreach (var x in receiving.ConfigureAwait(false)) await sending.SendAsync(new Say(\"a\")); }; await hear(); await sending.SendAsync(new Leave());"),
        ("both in a task", "await Task.Run(async () => { await foreach (var x in receiving) Console.WriteLine(x); await sending.SendAsync(new Leave()); });"),
        ("lent by a lambda", "Func<Task> hear = () => Helpers.HearAsync(receiving); await hear(); await sending.SendAsync(new Leave());"),
        ("one lane discarded", "var (s, _) = talking.Split(); await s.SendAsync(new Leave());"),
        ("lanes in one variable", "var lanes = talking.Split(); await foreach (var x in lanes.Receiving) await lanes.Sending.SendAsync(new Say(\"a\")); _ = lanes.Sending.Join(lanes.Receiving);"),
        ("lanes of a method", "var (s, r) = await Helpers.MeetAsync(channel); await foreach (var x in r) await s.SendAsync(new Say(\"a\")); await s.SendAsync(new Leave());"),
        ("lanes of two runs", "var (s, r) = talking.Split(); await Task.WhenAll(Helpers.TalkAsync(sending), Helpers.TalkAsync(s), Helpers.HearAsync(receiving), Helpers.HearAsync(r)); _ = s.Join(r); _ = sending.Join(receiving);"),
        ("renewed lane", "var (up, down) = uploading.Split(); for (var i = 0; i < 3; i++) await up.SendAsync(new Chunk(i)); var verifying = await up.SendAsync(new Complete()); await foreach (var x in down) Console.WriteLine(x); _ = verifying.Join(down);"),
        ("split again in a loop, each joined state", """
            while (true)
            {
                var (up, down) = uploading.Split();
                var verifying = await up.SendAsync(new Complete());
                await foreach (var full in down)
                    Console.WriteLine(full);
                switch (verifying.Join(down))
                {
                    case UploadClient.Verifying.SendLane.Rejoined.Ready(var next):
                        uploading = await next.SendAsync(new Ping());
                        break;
                    case UploadClient.Verifying.SendLane.Rejoined.Verifying(var waiting):
                        var after = await waiting.ReceiveAsync() switch { UploadClient.Verifying.Stored(_, var stored) => stored, UploadClient.Verifying.Full(_, var full) => full };
                        uploading = await after.SendAsync(new Ping());
                        break;
                }
            }
            """),
        ("stopped by the other lane", """
            using var silent = new CancellationTokenSource();
            var hearing = HearAsync(receiving, silent);
            try
            {
                while (!silent.IsCancellationRequested)
                    await sending.SendAsync(new Say("a"), silent.Token);
            }
            catch (OperationCanceledException)
            {
                await sending.SendAsync(new Leave());
            }

            await hearing;

            static async Task HearAsync(ReceiveLane<ChatClient.Talking.Incoming> receiving, CancellationTokenSource silent)
            {
                await foreach (var x in receiving)
                {
                    if (x is ChatClient.Talking.Incoming.Leave)
                        await silent.CancelAsync();
                }
            }
            """),
    ];

    public static (string Name, string Body)[] UsedAgain { get; } =
    [
        ("state that was split", "var (s, _) = talking.Split(); await {|error:talking.SendAsync|}(new Say(\"a\")); await s.SendAsync(new Leave());"),
        ("split twice", "_ = talking.Split(); _ = {|error:talking.Split|}();"),
        ("lane after its last message", "await sending.SendAsync(new Leave()); await {|error:sending.SendAsync|}(new Say(\"a\"));"),
        ("copy of it", "var copy = sending; await sending.SendAsync(new Leave()); await {|error:copy.SendAsync|}(new Say(\"a\"));"),
        ("lane of a tuple", "var lanes = talking.Split(); await lanes.Sending.SendAsync(new Leave()); _ = {|error:lanes.Sending.Join|}(lanes.Receiving);"),
        ("joined twice", "_ = sending.Join(receiving); _ = {|error:sending.Join|}({|error:receiving|});"),
        ("joined by the lane before", "var left = await sending.SendAsync(new Leave()); _ = {|error:sending.Join|}(receiving); _ = left;"),
        ("talked after joining", "_ = sending.Join(receiving); await {|error:sending.SendAsync|}(new Say(\"a\"));"),
        ("heard after joining", "_ = sending.Join(receiving); await foreach (var x in {|error:receiving|}) Console.WriteLine(x);"),
        ("heard after joining, with cancellation", "_ = sending.Join(receiving); await foreach (var x in {|error:receiving|}.WithCancellation(token)) Console.WriteLine(x);"),
        ("heard after joining, by hand", "var all = receiving.GetAsyncEnumerator(token); _ = sending.Join(receiving); await {|error:all.MoveNextAsync|}();"),
        ("heard after joining, by a method", "_ = sending.Join(receiving); await Helpers.HearAsync({|error:receiving|});"),
        ("joined while it is enumerated", "await foreach (var x in {|warning:receiving|}) _ = {|warning:sending.Join|}(receiving);"),
        ("joined on some path", "if (flag) _ = sending.Join(receiving); await foreach (var x in {|warning:receiving|}) Console.WriteLine(x);"),
        ("left in a loop", "while (flag) await {|warning:sending.SendAsync|}(new Leave());"),
        ("left in a loop over what arrives", "await foreach (var x in receiving) await {|warning:sending.SendAsync|}(new Leave());"),
        ("left, and the loop continues for one case", "await foreach (var x in receiving) { switch (x) { case ChatClient.Talking.Incoming.Say(var say): await {|warning:sending.SendAsync|}(say); break; case ChatClient.Talking.Incoming.Leave: await {|warning:sending.SendAsync|}(new Leave()); break; } }"),
        ("after a swallowed failure", "try { await sending.SendAsync(new Leave()); } catch (IOException) { } await {|warning:sending.SendAsync|}(new Say(\"a\"));"),
        ("in finally", "try { await sending.SendAsync(new Leave()); } finally { _ = {|warning:sending.Join|}(receiving); }"),
        ("after a method that ends both", "await Helpers.LeaveAsync(sending, receiving); _ = {|error:sending.Join|}({|error:receiving|});"),
        ("after a method that has both and without attributes", "await Helpers.RunAsync(sending, receiving); await foreach (var x in {|warning:receiving|}) await {|warning:sending.SendAsync|}(new Say(\"a\"));"),
        ("borrowed lane consumed", "await Local(sending); static async Task Local([Borrows] ChatClient.Talking.SendLane s) => await {|error:s.SendAsync|}(new Leave());"),
        ("borrowed lane joined", "Local(sending, receiving); static void Local([Consumes] ChatClient.Talking.SendLane s, [Borrows] ReceiveLane<ChatClient.Talking.Incoming> r) => _ = s.Join({|error:r|});"),
        ("joined before it is returned", "_ = Local(sending, receiving); static ReceiveLane<ChatClient.Talking.Incoming> Local([Consumes] ChatClient.Talking.SendLane s, ReceiveLane<ChatClient.Talking.Incoming> r) { _ = s.Join(r); return {|error:r|}; }"),
        ("what was joined, used twice", "switch (sending.Join(receiving)) { case ChatClient.Talking.SendLane.Rejoined.ServerLeft(var alone): await alone.SendAsync(new Leave()); await {|error:alone.SendAsync|}(new Say(\"a\")); break; }"),
        ("in a lambda", "Func<ChatClient.Talking.SendLane, Task> f = async s => { await s.SendAsync(new Leave()); await {|error:s.SendAsync|}(new Say(\"a\")); }; await f(sending);"),
    ];

    public static (string Name, string Body)[] Dropped { get; } =
    [
        ("split for nothing", "{|warning:talking.Split()|};"),
        ("receiving lane that is not used", "var (s, {|warning:r|}) = talking.Split(); await s.SendAsync(new Leave());"),
        ("sending lane that is not used", "var ({|warning:s|}, r) = talking.Split(); await foreach (var x in r) Console.WriteLine(x);"),
        ("lanes in one variable", "var {|warning:lanes|} = talking.Split();"),
        ("lane after which there is more to send", "await {|warning:uploading.Split().Sending.SendAsync(new Complete())|};"),
        ("lane in a variable", "var (up, _) = uploading.Split(); var {|warning:verifying|} = await up.SendAsync(new Complete());"),
        ("what was joined", "{|warning:sending.Join(receiving)|};"),
        ("what was joined, in a variable", "var {|warning:joined|} = sending.Join(receiving);"),
        ("one case of it", "if (sending.Join(receiving) is ChatClient.Talking.SendLane.Rejoined.ServerLeft(var {|warning:alone|})) Console.WriteLine();"),
    ];

    public static (string Name, string Body)[] Stored { get; } =
    [
        ("captured by a lambda that ends it", "Func<Task> f = async () => { await {|warning:sending|}.SendAsync(new Leave()); }; await f();"),
        ("captured by a local function that joins", "Local(); void Local() => _ = {|warning:sending|}.Join({|warning:receiving|});"),
        ("captured by a lambda that keeps it", "Func<object> f = () => {|warning:receiving|}; f();"),
        ("in a list", "var l = new List<ChatClient.Talking.SendLane>(); l.Add({|warning:sending|});"),
        ("in an array", "var a = new[] { {|warning:receiving|} }; await foreach (var x in a[0]) Console.WriteLine(x);"),
    ];

    public static (string Name, string Body)[] NotExhausted { get; } =
    [
        ("what arrives", "await foreach (var x in receiving) { {|warning:switch|} (x) { case ChatClient.Talking.Incoming.Say: break; } }"),
        ("what arrives, in an expression", "await foreach (var x in receiving) Console.WriteLine(x {|warning:switch|} { ChatClient.Talking.Incoming.Leave => 1 });"),
        ("what arrives, with a guard", "await foreach (var x in receiving) Console.WriteLine(x {|warning:switch|} { ChatClient.Talking.Incoming.Leave => 1, ChatClient.Talking.Incoming.Say when flag => 2 });"),
        ("joined states", "{|warning:switch|} (sending.Join(receiving)) { case ChatClient.Talking.SendLane.Rejoined.Talking: break; }"),
        ("joined states, in an expression", "var r = sending.Join(receiving) {|warning:switch|} { ChatClient.Talking.SendLane.Rejoined.ServerLeft(var alone) => await alone.SendAsync(new Leave()) };"),
        ("each that arrives", "await foreach (var x in receiving) Console.WriteLine(x switch { ChatClient.Talking.Incoming.Say(var say) => say.Text, ChatClient.Talking.Incoming.Leave => \"\" });"),
        ("each that arrives, in a statement", "await foreach (var x in receiving) { switch (x) { case ChatClient.Talking.Incoming.Say(var say): break; case ChatClient.Talking.Incoming.Leave(_): break; } }"),
        ("each joined state", "var r = sending.Join(receiving) switch { ChatClient.Talking.SendLane.Rejoined.Talking => 1, ChatClient.Talking.SendLane.Rejoined.ServerLeft => 2 };"),
        ("each joined state, in a statement", "switch (sending.Join(receiving)) { case ChatClient.Talking.SendLane.Rejoined.Talking: case ChatClient.Talking.SendLane.Rejoined.ServerLeft: break; }"),
    ];

    public static (string Name, string Body)[] NotAwaited { get; } =
    [
        ("send that stays", "{|error:sending.SendAsync(new Say(\"a\"))|};"),
        ("send that leads on", "_ = {|error:sending.SendAsync(new Leave())|};"),
        ("send in a loop over what arrives", "await foreach (var x in receiving) _ = {|error:sending.SendAsync(new Say(\"a\"))|};"),
        ("send that is awaited twice", "var t = sending.SendAsync(new Leave()); await t; await {|error:t|};"),
        ("send that is awaited on some path", "var t = {|warning:sending.SendAsync(new Say(\"a\"))|}; if (flag) await t;"),
        ("receive", "var all = receiving.GetAsyncEnumerator(token); _ = {|error:all.MoveNextAsync()|};"),
        ("receive that is awaited twice", "var all = receiving.GetAsyncEnumerator(token); var t = all.MoveNextAsync(); await t; await {|error:t|};"),
        ("receive that is awaited on some path", "var t = {|warning:receiving.GetAsyncEnumerator(token).MoveNextAsync()|}; if (flag) await t;"),
    ];

    public static (string Name, string Body)[] AtOnce { get; } =
    [
        ("two sends", "var t = sending.SendAsync(new Say(\"a\")); await {|error:sending.SendAsync|}(new Say(\"b\")); await t;"),
        ("all of them", "await Task.WhenAll(sending.SendAsync(new Say(\"a\")).AsTask(), {|error:sending.SendAsync|}(new Leave()).AsTask());"),
        ("two receives", "var all = receiving.GetAsyncEnumerator(token); var a = all.MoveNextAsync(); var b = {|error:all.MoveNextAsync|}(); await a; await b;"),
        ("two receives of two enumerations", "var a = receiving.GetAsyncEnumerator(token).MoveNextAsync(); var b = {|error:receiving.GetAsyncEnumerator(token).MoveNextAsync|}(); await a; await b;"),
        ("a loop while a receive is in progress", "var t = receiving.GetAsyncEnumerator(token).MoveNextAsync(); await foreach (var x in {|error:receiving|}) Console.WriteLine(x); await t;"),
        ("two loops that talk", "await Task.WhenAll(Helpers.TalkAsync(sending), Helpers.TalkAsync({|warning:sending|}));"),
        ("two loops that hear", "var a = Helpers.HearAsync(receiving); var b = Helpers.HearAsync({|warning:receiving|}); await a; await b;"),
        ("a send while a loop talks", "var t = Helpers.TalkAsync(sending); await {|warning:sending.SendAsync|}(new Say(\"a\")); await t;"),
        ("a loop while another hears", "var t = Helpers.HearAsync(receiving); await foreach (var x in {|warning:receiving|}) Console.WriteLine(x); await t;"),
        ("joined while a send is in progress", "var t = sending.SendAsync(new Say(\"a\")); _ = {|error:sending.Join|}(receiving); await t;"),
        ("joined while a receive is in progress", "var t = receiving.GetAsyncEnumerator(token).MoveNextAsync(); _ = sending.Join({|error:receiving|}); await t;"),
        ("joined while a loop hears", "var t = Helpers.HearAsync(receiving); _ = sending.Join({|warning:receiving|}); await t;"),
        ("joined in finally while a loop hears", "var t = Helpers.HearAsync(receiving); try { await sending.SendAsync(new Say(\"a\")); } finally { _ = sending.Join({|warning:receiving|}); } await t;"),
        ("a loop that is not awaited", "_ = Helpers.TalkAsync(sending); await {|warning:sending.SendAsync|}(new Leave());"),
        ("token while a method has it", "var t = Helpers.LookAsync(ready); await {|warning:ready.SendAsync|}(new Ping()); await t;"),
    ];
}
