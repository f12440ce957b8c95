#!/usr/bin/env python3
"""Records TLS 1.3 handshakes of other implementations and writes their messages, decrypted, to tests/Vectors/captures.

Usage: python3 capture.py [folder]. Requires Python's cryptography, openssl, gnutls-bin, libnss3-tools, a JDK and Node; see tests/Vectors/captures/README.md.
"""
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import certificates
from recording import Relay, messages_of

PEERS = pathlib.Path(__file__).resolve().parent.parent / "peers"
JAVA, NODE, PYTHON = ["java", str(PEERS / "JavaPeer.java")], ["node", str(PEERS / "peer.js")], [sys.executable, str(PEERS / "peer.py")]
TLS13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3"


def first_line(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()[0]


class Recorder:
    def __init__(self, folder):
        self.folder, self.found, self.runs = folder, {}, 0
        self.environment = {**os.environ, "SSLKEYLOGFILE": str(folder / "gnutls.log")}
        certificates.make(folder)
        self._nss()

    def _nss(self):
        """Creates the certificate database that the NSS tools require."""
        where = self.folder / "nss"
        where.mkdir()
        def tool(*command):
            subprocess.run(command, check=True, cwd=self.folder, capture_output=True)
        tool("certutil", "-N", "-d", "sql:nss", "--empty-password")
        tool("certutil", "-A", "-d", "sql:nss", "-n", "root", "-t", "CT,C,C", "-i", "root.pem")
        tool("certutil", "-A", "-d", "sql:nss", "-n", "middle", "-t", ",,", "-i", "middle.pem")
        for name in ("leaf", "client", "root"):
            tool("openssl", "pkcs12", "-export", "-in", f"{name}.pem", "-inkey", f"{name}.key", "-out", f"{name}.p12", "-passout", "pass:", "-name", name)
            tool("pk12util", "-i", f"{name}.p12", "-d", "sql:nss", "-W", "", "-K", "")

    def run(self, label, sender, server, client, key_log, keep=("client", "server"), server_input=(), client_input=(), wait=0.0):
        """Runs a server, one or more clients (each a command with {port}) and a relay between them. sender: the implementations of (client, server)."""
        port = free_port()
        here = lambda command: [str(word).replace("{port}", str(port)) for word in command]
        out = open(self.folder / f"{self.runs}.server.txt", "wb")
        self.runs += 1
        process = subprocess.Popen(here(server), cwd=self.folder, stdin=subprocess.PIPE, stdout=out, stderr=out, env=self.environment)
        wait_for(port, process)
        relay = Relay(port)
        clients = client if isinstance(client[0], list) else [client]
        for command in clients:
            words = [str(word).replace("{port}", str(relay.port)) for word in command]
            with open(self.folder / f"{self.runs}.client.txt", "ab") as log:
                peer = subprocess.Popen(words, cwd=self.folder, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self.environment)
                before = len(relay.connections)
                deadline = time.monotonic() + 15
                while len(relay.connections) == before and time.monotonic() < deadline and peer.poll() is None:
                    time.sleep(0.05)
                relay.settle()
                if client_input is not None:
                    for text in client_input:
                        feed(peer, text)
                        relay.settle()
                for text in server_input:
                    feed(process, text)
                    relay.settle()
                if client_input is not None:
                    try:
                        peer.stdin.close()
                    except OSError:
                        pass
                try:
                    peer.wait(6)
                except subprocess.TimeoutExpired:
                    peer.kill()
                relay.settle()
        process.kill()
        process.wait()
        relay.close()
        count = 0
        for connection in relay.connections:
            try:
                messages = messages_of(connection, self.folder / key_log)
            except Exception as problem:
                print(f"{label}: {type(problem).__name__} {problem}")
                continue
            for role, name, message in messages or ():
                count += 1
                if role in keep:
                    self.found.setdefault(sender[role == "server"], []).append((label, role, name, message))
        print(f"{label}: {sender[0]} -> {sender[1]}: {len(relay.connections)} connections, {count} messages")

    def write(self, implementation, title, path):
        """Writes each message once: the first of messages that differ only in random content, and the hellos and extensions of each run."""
        seen, lines = set(), []
        for label, role, name, message in self.found.get(implementation, ()):
            form = {"CertificateVerify": message[:6], "Finished": message[:4], "NewSessionTicket": (len(message) // 64, b"\0\x2a\0\x04" in message)}.get(name, message)
            if (role, name, form) in seen:
                continue
            seen.add((role, name, form))
            lines.append(f"{label} {role} {name} {message.hex()}")
        path.write_text(f"# {title}\n" + "\n".join(lines) + "\n")


def feed(process, text):
    try:
        process.stdin.write(text.encode())
        process.stdin.flush()
    except OSError:
        pass


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def wait_for(port, process):
    for _ in range(150):
        with open("/proc/net/tcp") as table, open("/proc/net/tcp6") as table6:
            if re.search(rf":{port:04X} [0-9A-F]+:0000 0A", table.read() + table6.read()):
                return
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended at once")
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} does not listen")


def openssl_server(*more):
    return ["openssl", "s_server", "-accept", "{port}", "-cert", "leaf.pem", "-cert_chain", "middle.pem", "-key", "leaf.key", "-tls1_3", "-keylogfile", "openssl.log", *more]


def openssl_client(*more):
    return ["openssl", "s_client", "-connect", "localhost:{port}", "-CAfile", "root.pem", "-tls1_3", "-keylogfile", "openssl.log", *more]


def gnutls_server(*more, priority=TLS13):
    return ["gnutls-serv", "--port", "{port}", "--x509certfile", "chain.pem", "--x509keyfile", "leaf.key", "--priority", priority, "--echo", *more]


def gnutls_client(*more, priority=TLS13):
    return ["gnutls-cli", "--port", "{port}", "localhost", "--x509cafile", "root.pem", "--priority", priority, *more]


def nss_server(*more):
    return ["selfserv", "-d", "sql:nss", "-n", "leaf", "-p", "{port}", "-V", "tls1.3:tls1.3", "-w", "", "-v", *more]


def nss_client(*more):
    return ["tstclnt", "-4", "-h", "localhost", "-p", "{port}", "-d", "sql:nss", "-V", "tls1.3:tls1.3", "-w", "", "-v", *more]


def record_openssl(r):
    both = ("openssl", "openssl")
    r.run("plain", both, openssl_server("-quiet"), openssl_client("-servername", "localhost", "-alpn", "bank/1,http/1.1"), "openssl.log", client_input=["hello\n", "Q\n"])
    r.run("offers", both, openssl_server("-quiet", "-alpn", "http/1.1", "-status_file", "status.der", "-serverinfo", "sct.pem", "-record_padding", "256"),
          openssl_client("-status", "-ct", "-alpn", "bank/1,http/1.1", "-enable_pha", "-requestCAfile", "root.pem", "-maxfraglen", "1024", "-bugs"), "openssl.log", client_input=["Q\n"])
    r.run("groups", both, openssl_server("-quiet", "-groups", "P-384"), openssl_client("-groups", "P-384:X448:ffdhe2048", "-ciphersuites", "TLS_AES_128_GCM_SHA256", "-noservername"),
          "openssl.log", client_input=["Q\n"])
    r.run("retry", both, openssl_server("-quiet", "-groups", "P-256", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), openssl_client("-groups", "X25519:P-256"), "openssl.log", client_input=["Q\n"])
    r.run("cookie", both, openssl_server("-quiet", "-stateless"), openssl_client(), "openssl.log", client_input=["Q\n"])
    r.run("no-middlebox", both, openssl_server("-quiet", "-no_middlebox"), openssl_client("-no_middlebox"), "openssl.log", client_input=["Q\n"])
    r.run("client-certificate", both, openssl_server("-quiet", "-Verify", "1", "-CAfile", "root.pem"), openssl_client("-cert", "client.pem", "-key", "client.key"), "openssl.log", client_input=["Q\n"])
    r.run("post-handshake", both, openssl_server("-CAfile", "root.pem", "-verify", "1"), openssl_client("-enable_pha", "-cert", "client.pem", "-key", "client.key"), "openssl.log", server_input=["c\n"])
    r.run("key-update", both, openssl_server(), openssl_client(), "openssl.log", client_input=["k\n", "K\n"], server_input=["k\n", "K\n"])
    (r.folder / "early.txt").write_text("early data\n")
    r.run("early-data", both, openssl_server("-early_data", "-max_early_data", "4096"), [openssl_client("-sess_out", "session.pem"), openssl_client("-sess_in", "session.pem", "-early_data", "early.txt")],
          "openssl.log", client_input=["Q\n"])
    psk = "00112233445566778899aabbccddeeff"
    r.run("external-psk", both, openssl_server("-quiet", "-psk", psk, "-psk_identity", "someone", "-allow_no_dhe_kex"), openssl_client("-psk", psk, "-psk_identity", "someone", "-allow_no_dhe_kex"),
          "openssl.log", client_input=["Q\n"])


def record_gnutls(r):
    both, as_client, as_server = ("gnutls", "gnutls"), ("gnutls", "openssl"), ("openssl", "gnutls")
    r.run("plain", both, gnutls_server(), gnutls_client("--alpn", "bank/1"), "gnutls.log", client_input=["hello\n"])
    r.run("offers", both, gnutls_server("--alpn", "bank/1", "--ocsp-response", "status.der", "--ignore-ocsp-response-errors", "--recordsize", "1024", "--heartbeat"),
          gnutls_client("--alpn", "bank/1", "--alpn", "http/1.1", "--recordsize", "512", "--heartbeat", "--post-handshake-auth", "--srtp-profiles", "SRTP_AES128_CM_HMAC_SHA1_80", priority=TLS13 + ":%DUMBFW"),
          "gnutls.log", client_input=["hello\n"])
    r.run("groups", both, gnutls_server(priority=TLS13 + ":-GROUP-ALL:+GROUP-SECP384R1"), gnutls_client(priority=TLS13 + ":-GROUP-ALL:+GROUP-SECP384R1:+GROUP-X448:-CIPHER-ALL:+AES-128-GCM"), "gnutls.log",
          client_input=["hello\n"])
    r.run("retry", both, gnutls_server(priority=TLS13 + ":-GROUP-ALL:+GROUP-SECP384R1:-CIPHER-ALL:+CHACHA20-POLY1305"), gnutls_client("--single-key-share", priority=TLS13 + ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP384R1"), "gnutls.log",
          client_input=["hello\n"])
    r.run("cookie", as_client, openssl_server("-quiet", "-stateless"), gnutls_client(), "openssl.log", keep=("client",), client_input=["hello\n"])
    r.run("client-certificate", both, gnutls_server("--require-client-cert", "--x509cafile", "root.pem"), gnutls_client("--x509certfile", "client.pem", "--x509keyfile", "client.key"), "gnutls.log", client_input=["hello\n"])
    r.run("key-update", both, gnutls_server(), gnutls_client("--inline-commands"), "gnutls.log", client_input=["^rekey^\n", "hello\n"])
    r.run("post-handshake", both, gnutls_server("--x509cafile", "root.pem", "--disable-client-cert"), gnutls_client("--post-handshake-auth", "--x509certfile", "client.pem", "--x509keyfile", "client.key"), "gnutls.log",
          client_input=["**REAUTH**\n", "hello\n"])
    r.run("early-data", both, gnutls_server("--earlydata", "--maxearlydata", "4096"), gnutls_client("--resume", "--waitresumption", "--earlydata", "early.txt"), "gnutls.log", client_input=["hello\n"])
    r.run("raw-keys", both, gnutls_server("--rawpkkeyfile", "leaf.key", "--rawpkfile", "leaf.pub", priority=TLS13 + ":+CTYPE-SRV-RAWPK"), gnutls_client("--insecure", priority=TLS13 + ":-CTYPE-SRV-ALL:+CTYPE-SRV-RAWPK:+CTYPE-SRV-X509"),
          "gnutls.log", client_input=["hello\n"])


def record_java(r):
    as_client, as_server = ("java", "openssl"), ("openssl", "java")
    client = JAVA + ["connect", "localhost:{port}", "--ca", "root.pem"]
    server = JAVA + ["serve", "--port", "{port}", "--cert", "chain.pem", "--key", "leaf.key", "--echo"]
    mine = dict(keep=("client",), client_input=None)
    r.run("plain", as_client, openssl_server("-rev", "-quiet"), client, "openssl.log", **mine)
    r.run("offers", as_client, openssl_server("-rev", "-quiet", "-alpn", "bank/1", "-status_file", "status.der"), client + ["--alpn", "bank/1,http/1.1", "--authorities", "--packet", "4096"], "openssl.log", **mine)
    r.run("groups", as_client, openssl_server("-rev", "-quiet"), client + ["--groups", "secp384r1", "--suites", "TLS_AES_128_GCM_SHA256"], "openssl.log", **mine)
    r.run("cookie", as_client, openssl_server("-quiet", "-stateless"), client, "openssl.log", **mine)
    r.run("client-certificate", as_client, openssl_server("-rev", "-quiet", "-Verify", "1", "-CAfile", "root.pem"), client + ["--cert", "client.pem", "--key", "client.key"], "openssl.log", **mine)
    r.run("key-update", as_client, openssl_server("-rev", "-quiet"), client + ["--key-limit", "100", "--send", "hello\n" * 100], "openssl.log", **mine)
    r.run("resumption", as_client, openssl_server("-rev", "-quiet"), client + ["--times", "2"], "openssl.log", **mine)
    theirs = dict(keep=("server",), client_input=["hello\n", "Q\n"])
    r.run("plain", as_server, server, openssl_client(), "openssl.log", **theirs)
    r.run("offers", as_server, server + ["--alpn", "bank/1"], openssl_client("-alpn", "bank/1", "-maxfraglen", "1024"), "openssl.log", **theirs)
    r.run("groups", as_server, server + ["--groups", "secp384r1"], openssl_client("-groups", "P-384", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), "openssl.log", **theirs)
    r.run("retry", as_server, server + ["--groups", "secp256r1"], openssl_client("-groups", "X25519:P-256"), "openssl.log", **theirs)
    r.run("client-certificate", as_server, server + ["--client-auth", "--ca", "root.pem"], openssl_client("-cert", "client.pem", "-key", "client.key"), "openssl.log", **theirs)
    r.run("resumption", as_server, server, [openssl_client("-sess_out", "session2.pem"), openssl_client("-sess_in", "session2.pem")], "openssl.log", **theirs)
    r.run("key-update", as_server, server, openssl_client(), "openssl.log", keep=("server",), client_input=["K\n", "hello\n", "Q\n"])


def record_nss(r):
    as_client, as_server = ("nss", "openssl"), ("openssl", "nss")
    mine = dict(keep=("client",), client_input=["GET / HTTP/1.0\r\n\r\n"])
    r.run("plain", as_client, openssl_server("-www"), nss_client(), "openssl.log", **mine)
    r.run("offers", as_client, openssl_server("-www", "-status_file", "status.der", "-serverinfo", "sct.pem"), nss_client("-T", "-U", "-B", "-i", "100", "-u"), "openssl.log", **mine)
    r.run("groups", as_client, openssl_server("-www"), nss_client("-I", "P384,FF2048"), "openssl.log", **mine)
    r.run("retry", as_client, openssl_server("-www", "-groups", "P-384"), nss_client("-I", "x25519,P384"), "openssl.log", **mine)
    r.run("cookie", as_client, openssl_server("-quiet", "-stateless"), nss_client(), "openssl.log", **mine)
    r.run("client-certificate", as_client, openssl_server("-www", "-Verify", "1", "-CAfile", "root.pem"), nss_client("-n", "client"), "openssl.log", **mine)
    r.run("early-data", as_client, openssl_server("-early_data", "-max_early_data", "4096"), nss_client("-u", "-Z", "-L", "2", "-A", "request.txt"), "openssl.log", **mine)
    theirs = dict(keep=("server",), client_input=["GET / HTTP/1.0\r\n\r\n"])
    r.run("plain", as_server, nss_server(), openssl_client(), "openssl.log", **theirs)
    r.run("offers", as_server, nss_server("-Q", "-T", "good", "-A", "root"), openssl_client("-alpn", "http/1.1", "-status"), "openssl.log", **theirs)
    r.run("retry", as_server, nss_server("-I", "P384"), openssl_client("-groups", "X25519:P-384"), "openssl.log", **theirs)
    r.run("client-certificate", as_server, nss_server("-r", "-r"), openssl_client("-cert", "client.pem", "-key", "client.key"), "openssl.log", **theirs)
    r.run("early-data", as_server, nss_server("-u", "-Z"), [openssl_client("-sess_out", "session3.pem"), openssl_client("-sess_in", "session3.pem", "-early_data", "early.txt")], "openssl.log", **theirs)
    r.run("record-size", ("gnutls", "nss"), nss_server(), gnutls_client(), "gnutls.log", **theirs)


def record_scripts(r):
    """Node and Python use OpenSSL with configurations of their own."""
    for name, command in (("node", NODE), ("python", PYTHON)):
        client = command + ["connect", "localhost:{port}", "--ca", "root.pem"]
        server = command + ["serve", "--port", "{port}", "--cert", "chain.pem", "--key", "leaf.key", "--echo"]
        mine = dict(keep=("client",), client_input=None)
        r.run("plain", (name, "openssl"), openssl_server("-rev", "-quiet"), client, "openssl.log", **mine)
        r.run("offers", (name, "openssl"), openssl_server("-rev", "-quiet", "-alpn", "bank/1"), client + ["--alpn", "bank/1,http/1.1", "--times", "2"], "openssl.log", **mine)
        r.run("plain", ("openssl", name), server, openssl_client("-alpn", "bank/1"), "openssl.log", keep=("server",), client_input=["hello\n", "Q\n"])
        r.run("retry", ("openssl", name), server + ["--groups", "prime256v1", "--client-auth", "--ca", "root.pem"], openssl_client("-groups", "X25519:P-256", "-cert", "client.pem", "-key", "client.key"), "openssl.log",
              keep=("server",), client_input=["hello\n", "Q\n"])


def main():
    target = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else PEERS.parent.parent / "Vectors" / "captures"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        r = Recorder(folder)
        (folder / "request.txt").write_text("GET / HTTP/1.0\r\n\r\n")
        for record in (record_openssl, record_gnutls, record_java, record_nss, record_scripts):
            record(r)
        if os.environ.get("KEEP"):
            shutil.copytree(folder, os.environ["KEEP"], dirs_exist_ok=True)
        nss = first_line("dpkg-query", "-W", "-f", "${Version}", "libnss3") if shutil.which("dpkg-query") else "of the machine"
        titles = {"openssl": first_line("openssl", "version"), "gnutls": "GnuTLS, " + first_line("gnutls-cli", "--version"), "java": "JSSE of " + first_line("java", "-version"),
                  "nss": f"NSS {nss}", "node": "Node " + first_line("node", "--version"), "python": first_line(sys.executable, "--version") + ", ssl"}
        for name, title in titles.items():
            r.write(name, title, target / f"{name}.txt")


if __name__ == "__main__":
    main()
