/** The commands of docs/audit.md for a time stamp, with an authority of RFC 3161 by openssl. */
import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noteOf } from "../../../shared/domain/evidence/archive/checkpoint.ts";
import { cosign } from "../../../shared/domain/evidence/archive/witness-key.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../docs/audit.md");
const [, COMMANDS = ""] =
  /<!-- time stamp -->\n```sh\n([\s\S]*?)```/.exec(readFileSync(PAGE, "utf8")) ?? [];

const AUTHORITY = `
[ tsa ]
default_tsa = authority
[ authority ]
serial = serial
signer_cert = tsa.pem
certs = tsa-ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
[ purpose ]
extendedKeyUsage = critical,timeStamping
`;

/** A CA, an authority under it, and another CA that has nothing to do with it. */
const MAKE = `
new() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.pem"; }
new tsa-ca; new other-ca
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=tsa -keyout tsa.key -out tsa.csr
openssl x509 -req -in tsa.csr -CA tsa-ca.pem -CAkey tsa-ca.key -days 2 -extfile tsa.cnf -extensions purpose -out tsa.pem
`;

/** In place of the network: the authority answers what is asked. */
const CURL = `TSA_URL=https://tsa.example.com
curl() { openssl ts -reply -config tsa.cnf -queryfile checkpoint.tsq -out checkpoint.tsr; }`;

let folder: string;
const play = (script: string) =>
  execFileSync("sh", ["-eu", "-c", script], { cwd: folder, encoding: "utf8", stdio: "pipe" });

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-stamp-"));
  const checkpoint = {
    origin: `timelatch-archive/${"a".repeat(64)}`,
    size: 3,
    root: "b".repeat(64),
  };
  const { privateKey } = generateKeyPairSync("ed25519");
  const note = noteOf(
    cosign(checkpoint, "auditors.example", privateKey, "2026-12-24T10:00:00.000Z"),
  );
  writeFileSync(path.join(folder, "checkpoint.txt"), note);
  writeFileSync(path.join(folder, "tsa.cnf"), AUTHORITY);
  writeFileSync(path.join(folder, "serial"), "01\n");
  play(MAKE);
});
afterAll(() => rmSync(folder, { recursive: true }));

const verification = (ca: string) =>
  play(`openssl ts -verify -data checkpoint.txt -in checkpoint.tsr -CAfile ${ca} 2>&1 || true`);

describe("A time stamp of a checkpoint", () => {
  it("The commands of docs/audit.md get one, verify it and show its time", () => {
    const said = play(`${CURL}\n${COMMANDS}`);
    expect(said).toContain("Verification: OK");
    expect(said).toMatch(/Time stamp: \w+ +\d+ /);
  });

  it("It is not by an authority under another CA, and not of a checkpoint that was edited", () => {
    play(`${CURL}\n${COMMANDS}`);
    expect(verification("other-ca.pem")).not.toContain("Verification: OK");
    appendFileSync(path.join(folder, "checkpoint.txt"), "\n");
    expect(verification("tsa-ca.pem")).toContain("message imprint mismatch");
  });
});
