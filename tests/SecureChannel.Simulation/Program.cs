using SecureChannel.Simulation;

if (!CommandLine.TryParse(args, out var options))
{
    Console.Error.WriteLine(CommandLine.Help);
    return 2;
}
if (options.ShowsHelp)
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}
if (options.NeedsThreads)
{
    if (!options.IsWorker)
        return ThreadedProcess.Execute(args);
    ThreadedProcess.CheckThreads();
    if (options.AttackSeconds > 0)
        return await new ListenerAttack(options).ExecuteAsync();
    return options.SoakMinutes > 0 ? await new Soak(options).ExecuteAsync() : await new Footprint(options).ExecuteAsync();
}
return options.IsWorker ? Worker.Execute(options) : new Coordinator(options).Execute();
