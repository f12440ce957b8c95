#!/usr/bin/env python3
"""A peer with Python's ssl module. The command line is described in tests/Interop/README.md: python3 peer.py serve|connect ..."""
import argparse
import json
import socket
import ssl
import threading


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument("role", choices=["serve", "connect"])
    parser.add_argument("target", nargs="*")
    for name in ("cert", "key", "ca", "name", "alpn", "groups", "send", "get", "keylog"):
        parser.add_argument("--" + name)
    parser.add_argument("--port", type=int)
    parser.add_argument("--bulk", type=int)
    parser.add_argument("--times", type=int, default=1)
    for name in ("echo", "www", "client-auth", "post-handshake-auth"):
        parser.add_argument("--" + name, action="store_true")
    return parser.parse_args()


def context(options):
    created = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER if options.role == "serve" else ssl.PROTOCOL_TLS_CLIENT)
    created.minimum_version = ssl.TLSVersion.TLSv1_3
    if options.cert:
        created.load_cert_chain(options.cert, options.key)
    if options.ca:
        created.load_verify_locations(options.ca)
    if options.alpn:
        created.set_alpn_protocols(options.alpn.split(","))
    if options.groups:
        created.set_ecdh_curve(options.groups)
    if options.keylog:
        created.keylog_filename = options.keylog
    if options.client_auth:
        created.verify_mode = ssl.CERT_REQUIRED
    created.post_handshake_auth = options.post_handshake_auth
    return created


def report(session, received, end):
    facts = {"protocol": session.version(), "suite": (session.cipher() or [None])[0], "alpn": session.selected_alpn_protocol(), "resumed": session.session_reused} if session else {}
    print(json.dumps({**facts, "received": received, "end": end}), flush=True)


def run(wrap, work):
    """Runs one session and writes a line about it. unwrap sends close_notify and waits for the peer's."""
    session, received, end = None, 0, "close_notify"
    try:
        session = wrap()
        received = work(session)
        session.unwrap()
    except (OSError, ValueError) as failure:
        end = str(failure)
    report(session, received, end)
    if session:
        session.close()


def echo(session):
    count = 0
    while data := session.recv(65536):
        session.sendall(data)
        count += len(data)
    return count


def page(session):
    request = b""
    while b"\r\n\r\n" not in request and (data := session.recv(4096)):
        request += data
    session.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n" + session.cipher()[0].encode() + b"\n")
    return len(request)


def bulk(session, size):
    """Sends each chunk and receives its echo before the next, because an SSL object must not be used from two threads."""
    sent = bytes((i * 7 + (i >> 8)) & 255 for i in range(size))
    received = bytearray()
    for start in range(0, size, 40_000):
        chunk = sent[start:start + 40_000]
        session.sendall(chunk)
        while len(received) < start + len(chunk):
            data = session.recv(65536)
            if not data:
                raise ValueError("the echo ended before all bytes were received")
            received += data
    if received != sent:
        raise ValueError("the echo differs from the sent bytes")
    return len(received)


def all_of(session):
    count = 0
    while data := session.recv(65536):
        count += len(data)
    return count


def serve(options):
    created = context(options)
    listener = socket.create_server(("127.0.0.1", options.port))
    print(json.dumps({"listening": listener.getsockname()[1]}), flush=True)
    while True:
        plain, _ = listener.accept()
        wrap = lambda plain=plain: created.wrap_socket(plain, server_side=True, suppress_ragged_eofs=False)
        threading.Thread(target=run, args=(wrap, page if options.www else echo), daemon=True).start()


def connect(options):
    created = context(options)

    def work(session):
        if options.bulk:
            return bulk(session, options.bulk)
        if options.get:
            session.sendall(f"GET {options.get} HTTP/1.0\r\n\r\n".encode())
            return all_of(session)
        text = (options.send or "hello\n").encode()
        session.sendall(text)
        count = 0
        while count < len(text):
            count += len(session.recv(65536)) or len(text)
        return count

    # The ticket of the last session resumes the next one.
    last = None

    def keep(session):
        nonlocal last
        count = work(session)
        last = session.session
        return count

    for target in options.target:
        host, port = target.rsplit(":", 1)
        for _ in range(options.times):
            run(lambda: created.wrap_socket(
                socket.create_connection((host, int(port))), server_hostname=options.name or host, suppress_ragged_eofs=False, session=last), keep)


if __name__ == "__main__":
    chosen = parse()
    serve(chosen) if chosen.role == "serve" else connect(chosen)
