"""The certificates, the stapled OCSP status and the files for the recorded handshakes."""
import base64
import datetime
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

START = datetime.datetime(2026, 1, 1)
END = datetime.datetime(2036, 1, 1)


def name(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def issue(common, key, issuer, issuer_key, authority, purposes=()):
    builder = (x509.CertificateBuilder().subject_name(name(common)).issuer_name(name(issuer)).public_key(key.public_key())
               .serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(END)
               .add_extension(x509.BasicConstraints(authority, None), True)
               .add_extension(x509.KeyUsage(not authority, False, False, False, False, authority, authority, False, False), True))
    if not authority:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).add_extension(x509.ExtendedKeyUsage(purposes), False)
    return builder.sign(issuer_key, hashes.SHA256())


def pem(path, *certificates):
    path.write_bytes(b"".join(c.public_bytes(serialization.Encoding.PEM) for c in certificates))


def key_pem(path, key):
    path.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def make(folder: pathlib.Path):
    root_key, middle_key, leaf_key, client_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(4))
    root = issue("Root", root_key, "Root", root_key, True)
    middle = issue("Intermediate", middle_key, "Root", root_key, True)
    leaf = issue("localhost", leaf_key, "Intermediate", middle_key, False, [ExtendedKeyUsageOID.SERVER_AUTH])
    client = issue("client", client_key, "Root", root_key, False, [ExtendedKeyUsageOID.CLIENT_AUTH])
    pem(folder / "root.pem", root)
    pem(folder / "middle.pem", middle)
    pem(folder / "leaf.pem", leaf)
    pem(folder / "chain.pem", leaf, middle)
    pem(folder / "client.pem", client)
    key_pem(folder / "leaf.key", leaf_key)
    key_pem(folder / "client.key", client_key)
    key_pem(folder / "root.key", root_key)
    (folder / "leaf.pub").write_bytes(leaf_key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None, microsecond=0)
    status = (ocsp.OCSPResponseBuilder().add_response(leaf, middle, hashes.SHA1(), ocsp.OCSPCertStatus.GOOD, now - datetime.timedelta(hours=1),
              now + datetime.timedelta(days=7), None, None).responder_id(ocsp.OCSPResponderEncoding.HASH, middle).sign(middle_key, hashes.SHA256()))
    (folder / "status.der").write_bytes(status.public_bytes(serialization.Encoding.DER))
    # A signed certificate timestamp with an arbitrary log and signature, because only its form is recorded. SERVERINFOV2 is context, type, length, data.
    timestamp = b"\0" + bytes(range(32)) + (1).to_bytes(8, "big") + b"\0\0" + b"\4\3" + b"\0\x08" + b"signature"[:8]
    listed = len(timestamp).to_bytes(2, "big") + timestamp
    data = len(listed).to_bytes(2, "big") + listed
    info = (0x11d0).to_bytes(4, "big") + (18).to_bytes(2, "big") + len(data).to_bytes(2, "big") + data
    (folder / "sct.pem").write_bytes(b"-----BEGIN SERVERINFOV2 FOR SCT-----\n" + base64.encodebytes(info) + b"-----END SERVERINFOV2 FOR SCT-----\n")
