#!/usr/bin/env python3
"""Computes the KeyTransport key schedule and some protected records with Python's `cryptography`, independently of the library under test.

Usage: python3 key_transport.py > key_transport.json
Inputs are fixed: K is the bytes 00..1f; the transcript's messages are opaque stand-ins (see `messages`); all else follows. The schedule:

    prk = HKDF-Extract(salt = Hash(ClientRequest .. ClientKey), ikm = K)
    cf, sf = ExpandLabel(prk, "c finished" / "s finished", "", Hash.length)
    client verify data = HMAC(cf, Hash(ClientRequest .. ClientKey))
    server verify data = HMAC(sf, Hash(ClientRequest .. ClientFinished))
    client, server traffic secrets and exporter secret =
        ExpandLabel(prk, "c ap traffic" / "s ap traffic" / "exp master", Hash(ClientRequest .. ServerAcknowledge), Hash.length)
    key, iv = ExpandLabel(traffic secret, "key" / "iv", "", length)
    exported = ExpandLabel(ExpandLabel(exporter secret, label, Hash("")), "exporter", Hash(context), length)

ExpandLabel is RFC 9846 section 7.1's HKDF-Expand-Label with the prefix "sckt1 "; Hash is the cipher suite's hash function.
"""
import json
import struct

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

PREFIX = b"sckt1 "
HANDSHAKE, ALERT, APPLICATION_DATA = 0xA1, 0xA2, 0xA3
VERSION = 0x0001

SUITES = [
    ("TLS_AES_128_GCM_SHA256", 0x1301, hashes.SHA256, AESGCM, 16),
    ("TLS_AES_256_GCM_SHA384", 0x1302, hashes.SHA384, AESGCM, 32),
    ("TLS_CHACHA20_POLY1305_SHA256", 0x1303, hashes.SHA256, ChaCha20Poly1305, 32),
]

RECORDS = [  # content type, content, padding
    (APPLICATION_DATA, b"hello", 0),
    (APPLICATION_DATA, b"", 0),
    (APPLICATION_DATA, b"padded", 250),
    (HANDSHAKE, bytes([5, 0, 0, 1, 0]), 3),
    (APPLICATION_DATA, bytes(i % 251 for i in range(1000)), 0),
    (ALERT, bytes([1, 0]), 0),
]

LATE = 0x0102030405060708  # a sequence number of which every byte matters

EXPORTS = [(b"EXPERIMENTAL one", b"", 32), (b"EXPERIMENTAL two", b"context", 100)]


def digest(algorithm, data):
    h = hashes.Hash(algorithm())
    h.update(data)
    return h.finalize()


def mac(algorithm, key, data):
    h = hmac.HMAC(key, algorithm())
    h.update(data)
    return h.finalize()


def expand_label(algorithm, secret, label, context, length):
    full = PREFIX + label
    info = struct.pack(">HB", length, len(full)) + full + struct.pack("B", len(context)) + context
    return HKDFExpand(algorithm(), length, info).derive(secret)


def protect(aead, key, iv, sequence, content_type, content, padding):
    inner = content + bytes([content_type]) + bytes(padding)
    header = struct.pack(">BHH", APPLICATION_DATA, VERSION, len(inner) + 16)
    nonce = bytes(a ^ b for a, b in zip(iv, bytes(4) + struct.pack(">Q", sequence)))
    return header + aead(key).encrypt(nonce, inner, header)


def direction(algorithm, aead, key_length, secret):
    key = expand_label(algorithm, secret, b"key", b"", key_length)
    iv = expand_label(algorithm, secret, b"iv", b"", 12)
    return {
        "secret": secret.hex(),
        "key": key.hex(),
        "iv": iv.hex(),
        "records": [
            {"type": t, "content": c.hex(), "padding": p, "record": protect(aead, key, iv, n, t, c, p).hex()}
            for n, (t, c, p) in enumerate(RECORDS)
        ],
        "late": {"sequence": LATE, "record": protect(aead, key, iv, LATE, APPLICATION_DATA, b"late", 0).hex()},
    }


def schedule(name, code, algorithm, aead, key_length):
    size = algorithm.digest_size
    k = bytes(range(32))
    messages = {m: m.encode() + b" stand-in" for m in ("ClientRequest", "ServerCertificate", "ClientKey")}
    through_client_key = digest(algorithm, b"".join(messages.values()))
    prk = mac(algorithm, through_client_key, k)  # HKDF-Extract is HMAC with the salt as key (RFC 5869 section 2.2)
    cf = expand_label(algorithm, prk, b"c finished", b"", size)
    sf = expand_label(algorithm, prk, b"s finished", b"", size)
    client_verify = mac(algorithm, cf, through_client_key)
    messages["ClientFinished"] = b"ClientFinished stand-in" + client_verify
    through_client_finished = digest(algorithm, b"".join(messages.values()))
    server_verify = mac(algorithm, sf, through_client_finished)
    messages["ServerAcknowledge"] = b"ServerAcknowledge stand-in" + server_verify
    through_acknowledge = digest(algorithm, b"".join(messages.values()))
    exporter = expand_label(algorithm, prk, b"exp master", through_acknowledge, size)
    return {
        "suite": name,
        "code": code,
        "key": k.hex(),
        "messages": {m: b.hex() for m, b in messages.items()},
        "throughClientKey": through_client_key.hex(),
        "throughClientFinished": through_client_finished.hex(),
        "throughServerAcknowledge": through_acknowledge.hex(),
        "prk": prk.hex(),
        "clientFinishedKey": cf.hex(),
        "serverFinishedKey": sf.hex(),
        "clientVerifyData": client_verify.hex(),
        "serverVerifyData": server_verify.hex(),
        "client": direction(algorithm, aead, key_length, expand_label(algorithm, prk, b"c ap traffic", through_acknowledge, size)),
        "server": direction(algorithm, aead, key_length, expand_label(algorithm, prk, b"s ap traffic", through_acknowledge, size)),
        "exporterSecret": exporter.hex(),
        "exports": [
            {
                "label": label.decode(),
                "context": context.hex(),
                "exported": expand_label(
                    algorithm,
                    expand_label(algorithm, exporter, label, digest(algorithm, b""), size),
                    b"exporter",
                    digest(algorithm, context),
                    length,
                ).hex(),
            }
            for label, context, length in EXPORTS
        ],
    }


print(json.dumps([schedule(*suite) for suite in SUITES], indent=1))
