using System.Security.Cryptography;
using Samples.Files;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>The server role, against a fake client.</summary>
public sealed class FileServiceTests : IDisposable
{
    private readonly Folders _folders = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public FileServiceTests() => (_client, _server) = InMemoryChannel.CreatePair(FileTransferClient.Name);

    public void Dispose() => _folders.Dispose();

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData("some.part")]
    [InlineData("nul\0")]
    public async Task A_name_that_is_not_plain_is_refused_both_ways(string name)
    {
        var serving = _folders.ServeAsync(_server);
        var ready = FileTransferClient.Begin(_client);

        (var up, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(await ready.SendAsync(new UploadRequest(name, 1)).ReceiveAsync());
        (var down, ready) = Assert.IsType<FileTransferClient.DownloadOffered.Refused>(await ready.SendAsync(new DownloadRequest(name, 0)).ReceiveAsync());
        await ready.SendAsync(new Goodbye());

        await serving;
        Assert.Equal(("that is no plain file name", "there is no such file"), (up.Reason, down.Reason));
        Assert.Empty(Directory.GetFiles(_folders.There));
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_refused()
    {
        var serving = _folders.ServeAsync(_server, maxSize: 100);
        var (refused, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(await FileTransferClient.Begin(_client).SendAsync(new UploadRequest("large", 101)).ReceiveAsync());
        await ready.SendAsync(new Goodbye());
        await serving;
        Assert.Equal("that is too large", refused.Reason);
    }

    [Fact]
    public async Task More_than_was_said_is_not_taken_and_what_crosses_that_is()
    {
        var serving = _folders.ServeAsync(_server);
        var uploading = await BeginAsync("file", 3);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3, 4 }));
        await uploading.SendAsync(new Chunk(new byte[] { 5 }));

        var (failed, crossing) = await uploading.ReceiveAsync();
        await crossing.SendAsync(new Chunk(new byte[] { 6 }));
        var ready = await crossing.SendAsync(new Complete(new byte[32]));
        await ready.SendAsync(new Goodbye());

        await serving;
        Assert.Equal("the file is longer than was said", failed.Reason);
        Assert.False(File.Exists(Path.Combine(_folders.There, "file")));
    }

    [Fact]
    public async Task A_wrong_digest_stores_nothing_and_the_next_upload_begins_anew()
    {
        var serving = _folders.ServeAsync(_server);
        var uploading = await BeginAsync("file", 3);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        var (failed, ready) = Assert.IsType<FileTransferClient.Verifying.Failed>(await uploading.SendAsync(new Complete(new byte[32])).ReceiveAsync());
        Assert.StartsWith("the digest is wrong", failed.Reason);
        Assert.Empty(Directory.GetFiles(_folders.There));

        (var accepted, uploading) = Assert.IsType<FileTransferClient.UploadOffered.UploadAccepted>(await ready.SendAsync(new UploadRequest("file", 3)).ReceiveAsync());
        Assert.Equal(0ul, accepted.Offset);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        (_, ready) = Assert.IsType<FileTransferClient.Verifying.Stored>(await uploading.SendAsync(new Complete(SHA256.HashData([1, 2, 3]))).ReceiveAsync());
        await ready.SendAsync(new Goodbye());
        await serving;
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(_folders.There, "file")));
    }

    [Fact]
    public async Task A_file_that_another_session_writes_is_refused()
    {
        var serving = _folders.ServeAsync(_server);
        await BeginAsync("file", 3);

        var (client, server) = InMemoryChannel.CreatePair();
        var servingToo = _folders.ServeAsync(server);
        var (refused, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(await FileTransferClient.Begin(client).SendAsync(new UploadRequest("file", 3)).ReceiveAsync());
        await ready.SendAsync(new Goodbye());
        await servingToo;
        Assert.Equal("the file is in use, or cannot be written", refused.Reason);

        await _client.CloseAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => serving);
    }

    private async Task<FileTransferClient.Uploading> BeginAsync(string name, ulong size) =>
        Assert.IsType<FileTransferClient.UploadOffered.UploadAccepted>(await FileTransferClient.Begin(_client).SendAsync(new UploadRequest(name, size)).ReceiveAsync()).Next;
}
