"""A recording TCP relay, and a reader that decrypts the recorded TLS 1.3 records with a key log and returns the handshake messages."""
import select
import socket
import threading
import time

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.exceptions import InvalidTag

SUITES = {0x1301: (hashes.SHA256, AESGCM, 16), 0x1302: (hashes.SHA384, AESGCM, 32), 0x1303: (hashes.SHA256, ChaCha20Poly1305, 32)}
NAMES = {1: "ClientHello", 2: "ServerHello", 4: "NewSessionTicket", 5: "EndOfEarlyData", 8: "EncryptedExtensions", 11: "Certificate",
         13: "CertificateRequest", 15: "CertificateVerify", 20: "Finished", 24: "KeyUpdate", 25: "CompressedCertificate"}
HELLO_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")


class Relay:
    """Listens on a free port, relays all data and records both directions of each connection."""

    def __init__(self, target):
        self.target = target
        self.connections = []
        self.last = time.monotonic()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            recorded = {"client": bytearray(), "server": bytearray()}
            self.connections.append(recorded)
            threading.Thread(target=self._copy, args=(client, server, recorded), daemon=True).start()

    def _copy(self, client, server, recorded):
        ends = {client: (server, "client"), server: (client, "server")}
        while ends:
            for end in select.select(list(ends), [], [])[0]:
                other, name = ends[end]
                try:
                    data = end.recv(65536)
                    recorded[name] += data
                    self.last = time.monotonic()
                    other.sendall(data) if data else other.shutdown(socket.SHUT_WR)
                except OSError:
                    data = b""
                if not data:
                    del ends[end]

    def settle(self, quiet=0.4, limit=8):
        """Waits until data was recorded and no more data has arrived for a while."""
        start = time.monotonic()
        while time.monotonic() - start < limit:
            if any(c["server"] for c in self.connections) and time.monotonic() - self.last > quiet:
                return
            time.sleep(0.05)

    def close(self):
        self.listener.close()


def expand_label(algorithm, secret, label, length):
    label = b"tls13 " + label
    info = length.to_bytes(2, "big") + bytes([len(label)]) + label + b"\0"
    return HKDFExpand(algorithm(), length, info).derive(secret)


class Keys:
    """The keys of one direction, derived from a traffic secret."""

    def __init__(self, suite, secret):
        self.suite, self.secret, self.sequence = suite, secret, 0
        algorithm, aead, length = SUITES[suite]
        self.aead = aead(expand_label(algorithm, secret, b"key", length))
        self.iv = expand_label(algorithm, secret, b"iv", 12)

    def open(self, header, body):
        nonce = (int.from_bytes(self.iv, "big") ^ self.sequence).to_bytes(12, "big")
        inner = self.aead.decrypt(nonce, bytes(body), bytes(header)).rstrip(b"\0")
        self.sequence += 1
        return inner[-1], inner[:-1]

    def updated(self):
        algorithm = SUITES[self.suite][0]
        return Keys(self.suite, expand_label(algorithm, self.secret, b"traffic upd", algorithm.digest_size))


def read_key_log(path):
    log = {}
    for line in open(path):
        words = line.split()
        if len(words) == 3 and not line.startswith("#"):
            log[bytes.fromhex(words[1]), words[0]] = bytes.fromhex(words[2])
    return log


def records(stream):
    offset = 0
    while offset + 5 <= len(stream):
        length = int.from_bytes(stream[offset + 3:offset + 5], "big")
        if offset + 5 + length > len(stream):
            return
        yield stream[offset:offset + 5], stream[offset + 5:offset + 5 + length]
        offset += 5 + length


def name_of(message):
    return "HelloRetryRequest" if message[0] == 2 and message[6:38] == HELLO_RETRY else NAMES.get(message[0], f"Unknown{message[0]}")


def suite_of(hello):
    offset = 38 + 1 + hello[38]
    return int.from_bytes(hello[offset:offset + 2], "big")


class Reader:
    """Reads the handshake messages of one direction of a connection."""

    def __init__(self, role, log, client_random, suite):
        self.role, self.log, self.random, self.suite = role, log, client_random, suite
        self.pending, self.messages, self.keys, self.stage = bytearray(), [], None, "plain"

    def _secret(self, stage):
        label = {"early": "CLIENT_EARLY_TRAFFIC_SECRET", "handshake": f"{self.role.upper()}_HANDSHAKE_TRAFFIC_SECRET", "application": f"{self.role.upper()}_TRAFFIC_SECRET_0"}[stage]
        return self.log.get((self.random, label))

    def _enter(self, stage):
        self.stage, self.keys = stage, Keys(self.suite, self._secret(stage))

    def _open(self, header, body):
        if self.stage == "plain":
            stages = ["early", "handshake"] if self.role == "client" and self._secret("early") else ["handshake"]
            for stage in stages:
                try:
                    self._enter(stage)
                    return self.keys.open(header, body)
                except InvalidTag:
                    continue
            raise ValueError("no secret in the key log decrypts the first protected record")
        return self.keys.open(header, body)

    def read(self, stream):
        for header, body in records(stream):
            if header[0] == 23 and self.suite is None:
                return self.messages
            content_type, content = (header[0], body) if header[0] != 23 else self._open(header, body)
            if content_type == 22:
                self.pending += content
                self._messages()
        return self.messages

    def _messages(self):
        while len(self.pending) >= 4 and len(self.pending) >= (size := 4 + int.from_bytes(self.pending[1:4], "big")):
            message = bytes(self.pending[:size])
            del self.pending[:size]
            self.messages.append((name_of(message), message))
            if message[0] == 20 and self.stage == "handshake":
                self._enter("application")
            elif message[0] == 5:
                self._enter("handshake")
            elif message[0] == 24:
                self.keys = self.keys.updated()


def messages_of(connection, key_log):
    """Returns the handshake messages of both directions as (role, name, bytes), the client's first, or None if there was no TLS 1.3 session."""
    plain = {role: b"".join(bytes(body) for header, body in records(connection[role]) if header[0] == 22) for role in connection}
    if not plain["client"] or not plain["server"]:
        return None
    random = plain["client"][6:38]
    hello = plain["server"]
    if name_of(hello) == "HelloRetryRequest":
        hello = hello[4 + int.from_bytes(hello[1:4], "big"):]
    # If the server ends after its HelloRetryRequest, there are only plaintext messages and no cipher suite.
    suite = suite_of(hello) if hello else None
    found = []
    log = read_key_log(key_log)
    for role in ("client", "server"):
        found += [(role, name, message) for name, message in Reader(role, log, random, suite).read(connection[role])]
    return found
