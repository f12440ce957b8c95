using System.Security.Cryptography;
using Samples.Files;
using SecureChannel.Protocols;

namespace FileTransfer.Tests;

/// <summary>The server role against a fake client.</summary>
public sealed class FileServiceTests : IDisposable
{
    private readonly TestFolders _folders = new();
    private readonly InMemoryChannel _client;
    private readonly InMemoryChannel _server;

    public FileServiceTests() => (_client, _server) = InMemoryChannel.CreatePair(
        new InMemoryChannelOptions { ClientProtocols = [FileTransferClient.Name], ServerProtocols = [FileTransferServer.Name] });

    public void Dispose() => _folders.Dispose();

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData("some.part")]
    [InlineData("nul\0")]
    public async Task Name_that_is_not_a_plain_file_name_is_refused_for_uploads_and_downloads(string name)
    {
        var serving = _folders.ServeAsync(_server);
        var ready = FileTransferClient.Begin(_client);

        (var upload, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(await ready.SendAsync(new UploadRequest(name, 1)).ReceiveAsync());
        (var download, ready) = Assert.IsType<FileTransferClient.DownloadOffered.Refused>(await ready.SendAsync(new DownloadRequest(name, 0)).ReceiveAsync());
        await ready.SendAsync(new Goodbye());

        await serving;
        Assert.Equal(("the name is not a plain file name", "the file does not exist"), (upload.Reason, download.Reason));
        Assert.Empty(Directory.GetFiles(_folders.Server));
    }

    [Fact]
    public async Task Upload_of_a_file_that_is_too_large_is_refused()
    {
        var serving = _folders.ServeAsync(_server, maxSize: 100);
        var reply = await FileTransferClient.Begin(_client).SendAsync(new UploadRequest("large", 101)).ReceiveAsync();
        var (refused, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(reply);
        await ready.SendAsync(new Goodbye());
        await serving;
        Assert.Equal("the file is too large", refused.Reason);
    }

    [Fact]
    public async Task Upload_that_is_longer_than_announced_fails_and_crossing_messages_are_accepted()
    {
        var serving = _folders.ServeAsync(_server);
        var uploading = await BeginUploadAsync("file", 3);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3, 4 }));
        await uploading.SendAsync(new Chunk(new byte[] { 5 }));

        var (failed, crossing) = await uploading.ReceiveAsync();
        await crossing.SendAsync(new Chunk(new byte[] { 6 }));
        var ready = await crossing.SendAsync(new Complete(new byte[32]));
        await ready.SendAsync(new Goodbye());

        await serving;
        Assert.Equal("the file is longer than announced", failed.Reason);
        Assert.False(File.Exists(Path.Combine(_folders.Server, "file")));
    }

    [Fact]
    public async Task Upload_with_a_wrong_digest_stores_no_file_and_the_next_upload_starts_from_the_beginning()
    {
        var serving = _folders.ServeAsync(_server);
        var uploading = await BeginUploadAsync("file", 3);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        var (failed, ready) = Assert.IsType<FileTransferClient.Verifying.Failed>(await uploading.SendAsync(new Complete(new byte[32])).ReceiveAsync());
        Assert.StartsWith("the digest is wrong", failed.Reason);
        Assert.Empty(Directory.GetFiles(_folders.Server));

        var reply = await ready.SendAsync(new UploadRequest("file", 3)).ReceiveAsync();
        (var accepted, uploading) = Assert.IsType<FileTransferClient.UploadOffered.UploadAccepted>(reply);
        Assert.Equal(0ul, accepted.Offset);
        await uploading.SendAsync(new Chunk(new byte[] { 1, 2, 3 }));
        (_, ready) = Assert.IsType<FileTransferClient.Verifying.Stored>(await uploading.SendAsync(new Complete(SHA256.HashData([1, 2, 3]))).ReceiveAsync());
        await ready.SendAsync(new Goodbye());
        await serving;
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(_folders.Server, "file")));
    }

    [Fact]
    public async Task Upload_of_a_file_that_another_session_writes_is_refused()
    {
        var serving = _folders.ServeAsync(_server);
        await BeginUploadAsync("file", 3);

        var (client, server) = InMemoryChannel.CreatePair();
        var servingSecond = _folders.ServeAsync(server);
        var reply = await FileTransferClient.Begin(client).SendAsync(new UploadRequest("file", 3)).ReceiveAsync();
        var (refused, ready) = Assert.IsType<FileTransferClient.UploadOffered.Refused>(reply);
        await ready.SendAsync(new Goodbye());
        await servingSecond;
        Assert.Equal("the file is in use or cannot be written", refused.Reason);

        await _client.CloseAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => serving);
    }

    private async Task<FileTransferClient.Uploading> BeginUploadAsync(string name, ulong size)
    {
        var reply = await FileTransferClient.Begin(_client).SendAsync(new UploadRequest(name, size)).ReceiveAsync();
        return Assert.IsType<FileTransferClient.UploadOffered.UploadAccepted>(reply).Next;
    }
}
