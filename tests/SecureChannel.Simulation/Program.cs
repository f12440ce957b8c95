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
return options.IsWorker ? Worker.Execute(options) : new Coordinator(options).Execute();
