#!/usr/bin/env python3
"""Takes test vectors out of the texts of RFC 5869 (appendix A, the cases with SHA-256) and RFC 8448 (sections 3, 4, 5 and 7).

Usage: python3 from_rfcs.py rfc5869.txt rfc8448.txt, beside this file's JSON files, which it writes. Lengths that the texts state are checked.
"""
import json
import pathlib
import re
import sys


def without_pages(text):
    return re.sub(r"\n+[^\n]*\[Page \d+\]\n\f?\n?RFC [^\n]*\n+", "\n", text)


def hkdf(text):
    for case in re.split(r"\nA\.\d\.  Test Case ", text)[1:]:
        if "Hash = SHA-256" not in case:
            continue
        values = {}
        for name, digits, length in re.findall(r"(\w+)\s+= (?:0x)?([0-9a-f\s]*)\((\d+) octets\)", case):
            values[name] = "".join(digits.split())
            assert len(values[name]) == 2 * int(length), (case, name)
        yield values


def trace(text, title, following):
    section = re.search(rf"\n{re.escape(title)}\n(.*?)\n{re.escape(following)}", text, re.S).group(1)
    for step in re.split(r"\n   (?=\{(?:client|server)\})", section)[1:]:
        head = re.match(r"\{(\w+)\}\s+([^:]*?)(?: \(same[^:]*)?:\n", step)
        values = {}
        for name, length, digits in re.findall(r"(?m)^ {6}(\w[\w ]*?) \((\d+) octets\):\s+((?:[0-9a-f]{2}\s+)*[0-9a-f]{2}|\(empty\))$", step):
            values[name] = "".join(digits.split()) if digits != "(empty)" else ""
            assert len(values[name]) == 2 * int(length), (step, name)
        if head and values:
            yield {"by": head.group(1), "step": " ".join(head.group(2).split()), "values": values}


here = pathlib.Path(__file__).parent
rfc5869, rfc8448 = (without_pages(pathlib.Path(path).read_text()) for path in sys.argv[1:3])
(here / "hkdf_rfc5869.json").write_text(json.dumps(list(hkdf(rfc5869)), indent=1) + "\n")
for name, title, following in (
    ("tls13_rfc8448", "3.  Simple 1-RTT Handshake", "4.  Resumed"),
    ("tls13_rfc8448_resumed", "4.  Resumed 0-RTT Handshake", "5.  HelloRetryRequest"),
    ("tls13_rfc8448_retry", "5.  HelloRetryRequest", "6.  Client Authentication"),
    ("tls13_rfc8448_compatible", "7.  Compatibility Mode", "8.  "),
):
    (here / f"{name}.json").write_text(json.dumps(list(trace(rfc8448, title, following)), indent=1) + "\n")
