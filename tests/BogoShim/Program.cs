using SecureChannel.Bogo;

return await Shim.RunAsync(args, Console.Out, Console.Error);
