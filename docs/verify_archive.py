#!/usr/bin/env python3
"""Verifies a sealed archive of Timelatch, by docs/audit.md and nothing of Timelatch's own.

Usage: verify_archive.py ARCHIVE PUBLIC_PEM [TODAY]

It needs Python 3.8 or later, and no package. It prints each fault on a line. Exit code 0: none; 8: some;
2: a file cannot be read. TODAY is a day such as 2026-11-24; without it, the machine's own.
"""
import base64
import datetime
import gzip
import hashlib
import json
import os
import sys

START = "0" * 64
# The curve P-256 (FIPS 186-5, SP 800-186): prime, order, coefficient b, base point.
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def canonical(value):
    """RFC 8785, for texts and whole numbers. Its order is by UTF-16 code units."""
    if isinstance(value, dict):
        items = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(canonical(key) + ":" + canonical(one) for key, one in items) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    if isinstance(value, float):
        raise ValueError("a number that is not whole")
    return json.dumps(value, ensure_ascii=False)


def hash_of(value):
    return sha(canonical(value).encode("utf-8"))


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a member stands twice")
    return dict(pairs)


def parse(text):
    return json.loads(text, object_pairs_hook=unique)


# ECDSA on P-256 with SHA-256.


def add(first, second):
    if first is None or second is None:
        return second if first is None else first
    (x1, y1), (x2, y2) = first, second
    if x1 == x2:
        if (y1 + y2) % P == 0:
            return None
        slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) % P
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, P) % P
    x3 = (slope * slope - x1 - x2) % P
    return x3, (slope * (x1 - x3) - y1) % P


def times(factor, point):
    total = None
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def der_numbers(der):
    """The two numbers of a signature: SEQUENCE { INTEGER r, INTEGER s }, in its one form."""
    if len(der) < 8 or der[0] != 0x30 or der[1] != len(der) - 2:
        raise ValueError("not a signature")
    numbers, at = [], 2
    for _ in range(2):
        length = der[at + 1]
        body = der[at + 2 : at + 2 + length]
        padded = length > 1 and body[0] == 0 and body[1] < 0x80
        if der[at] != 0x02 or length != len(body) or length == 0 or body[0] > 0x7F or padded:
            raise ValueError("not a number")
        numbers.append(int.from_bytes(body, "big"))
        at += 2 + length
    if at != len(der):
        raise ValueError("more than two numbers")
    return numbers


def is_signed(point, text, signature):
    try:
        r, s = der_numbers(base64.b64decode(signature, validate=True))
    except (ValueError, IndexError):
        return False
    if not (0 < r < N and 0 < s < N):
        return False
    digest = int.from_bytes(hashlib.sha256(text).digest(), "big")
    inverse = pow(s, -1, N)
    found = add(times(digest * inverse % N, G), times(r * inverse % N, point))
    return found is not None and found[0] % N == r


def read_key(pem):
    """The fingerprint and the point of a public key: the point is the end of its DER."""
    lines = [line for line in pem.split("\n") if line and not line.startswith("-----")]
    der = base64.b64decode("".join(lines), validate=True)
    if len(der) != 91 or der[26] != 4:
        raise ValueError("not a public key on the curve P-256")
    point = int.from_bytes(der[27:59], "big"), int.from_bytes(der[59:], "big")
    if (point[1] ** 2 - (point[0] ** 3 - 3 * point[0] + B)) % P:
        raise ValueError("a point that is not on the curve")
    return sha(der), point


# RFC 6962.


def root_of(hashes):
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    left = 1
    while 2 * left < len(hashes):
        left *= 2
    return hashlib.sha256(b"\x01" + root_of(hashes[:left]) + root_of(hashes[left:])).digest()


def tips_root(tips):
    leaves = [{name: tip[name] for name in ("chain", "seq", "hash")} for tip in tips]
    texts = [canonical(leaf).encode("utf-8") for leaf in leaves]
    return root_of([hashlib.sha256(b"\x00" + text).digest() for text in texts]).hex()


SEAL = {"schema", "day", "key", "root", "size", "previous", "policyHashes", "counts", "late"}


def seal_faults(sealed, before, key, today):
    """What one seal shows. `before` is the seal of the day before, if there is one."""
    fingerprint, point = key
    seal, tips = sealed["seal"], sealed["tips"]
    day = seal["day"]
    if set(sealed) != {"seal", "signature", "tips"} or set(seal) - {"disputed", "withoutContent"} != SEAL:
        yield f"{day}: a member is missing, or one is too many"
    if seal["key"] != fingerprint:
        yield f"{day}: another key sealed it"
    elif not is_signed(point, canonical(seal).encode("utf-8"), sealed["signature"]):
        yield f"{day}: it does not match its signature"
    chains = [tip["chain"].encode("utf-16-be", "surrogatepass") for tip in tips]
    if len(tips) != seal["size"] or chains != sorted(set(chains)) or tips_root(tips) != seal["root"]:
        yield f"{day}: its list of chains is not the one that was sealed"
    if day >= today:
        yield f"{day}: the day is not over"
    due = before and datetime.date.fromisoformat(before["day"]) + datetime.timedelta(days=1)
    if due and due.isoformat() != day:
        yield f"{due}: there is no seal"
    if seal["previous"] != (hash_of(before) if before else START):
        yield f"{day}: it does not follow the seal before it"
    for one in seal.get("disputed", []):
        yield f"{day}: record {one['seq']} of {one['chain']} is disputed"


def chain_faults(chain, records, tips, last_day):
    """What the records of one chain show, with the tips that seals have of it by number."""
    records.sort(key=lambda record: record["seq"])
    before = START
    sealed = max(tips, default=0)
    for number, record in enumerate(records, 1):
        body = {name: value for name, value in record.items() if name != "hash"}
        if record["seq"] != number or record["previousHash"] != before:
            yield f"{chain}: record {number} is missing, doubled or not linked"
            return
        if hash_of(body) != record["hash"]:
            yield f"{chain}: record {number} does not match its hash"
        if tips.get(number, record["hash"]) != record["hash"]:
            yield f"{chain}: record {number} is not what was sealed"
        if number > sealed and record["at"][:10] <= last_day:
            yield f"{chain}: no seal covers record {number}, of a sealed day"
        if chain.startswith("STANDING#"):
            yield from reading_faults(chain, record, records[number - 2] if number > 1 else None)
        before = record["hash"]
    if sealed > len(records):
        yield f"{chain}: the records {len(records) + 1} to {sealed} are missing"


def reading_faults(chain, record, earlier):
    """What a reading of standing access shows beyond its chain."""
    if earlier and record["at"] < earlier["at"]:
        yield f"{chain}: record {record['seq']} is dated before the one before it"
    details = record["details"]
    if details["completedAt"] != record["at"] or details["startedAt"] > record["at"]:
        yield f"{chain}: record {record['seq']} is of another time than its reading"


def content_faults(folder, chains, never, last_day):
    """What readings found: each file has the hash that is its name, and none of a sealed day is missing."""
    there = set()
    for file in files_under(os.path.join(folder, "standing")):
        name = os.path.basename(file).split(".")[0]
        there.add(name)
        if sha(read(file).encode("utf-8")) != name:
            yield f"{file}: its hash is not its name"
    for chain, records in chains.items():
        if chain.startswith("STANDING#"):
            for record in records:
                content = record["details"]["content"]
                is_wanted = content is not None and record["at"][:10] <= last_day
                if is_wanted and content not in there | never:
                    yield f"{chain}: what record {record['seq']} found is missing"


def files_under(folder):
    for place, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            yield os.path.join(place, name)


def read(file):
    with open(file, "rb") as opened:
        data = opened.read()
    return (gzip.decompress(data) if file.endswith(".gz") else data).decode("utf-8")


def verify(folder, pem, today):
    """Every fault of an archive, as sentences."""
    key = read_key(pem)
    before, tips, last_day, found, never = None, {}, "", [], set()
    for file in files_under(os.path.join(folder, "seals")):
        sealed = parse(read(file))
        faults = list(seal_faults(sealed, before, key, today))
        found += faults
        before, last_day = sealed["seal"], sealed["seal"]["day"]
        never |= set(before.get("withoutContent", []))
        for tip in sealed["tips"]:
            tips.setdefault(tip["chain"], {})[tip["seq"]] = tip["hash"]
    if before is None:
        found.append("there is no seal")
    chains = {chain: [] for chain in tips}
    for file in files_under(os.path.join(folder, "records")):
        for line in read(file).split("\n"):
            if line:
                one = parse(line)
                chains.setdefault(one["chain"], []).append(one["record"])
    for chain in sorted(chains):
        found += chain_faults(chain, chains[chain], tips.get(chain, {}), last_day)
    found += content_faults(folder, chains, never, last_day)
    for file in files_under(os.path.join(folder, "policies")):
        if sha(read(file).rstrip("\n").encode("utf-8")) != os.path.basename(file)[:-5]:
            found.append(f"{file}: its hash is not its name")
    return found


def faults_of(folder, pem, today):
    """As `verify`; a file that cannot be read, or has another form, is a fault too."""
    try:
        return verify(folder, pem, today)
    except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError) as error:
        return [f"a file cannot be read, or has another form: {error!r}"]


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    today = arguments[2] if len(arguments) > 2 else f"{datetime.datetime.now(datetime.timezone.utc):%Y-%m-%d}"
    try:
        pem = read(arguments[1])
        read_key(pem)
    except (ValueError, OSError) as error:
        print(f"The key cannot be read: {error}", file=sys.stderr)
        return 2
    found = faults_of(arguments[0], pem, today)
    print("\n".join(found) or "The archive holds.")
    return 8 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
