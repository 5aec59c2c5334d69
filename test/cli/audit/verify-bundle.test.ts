import { describe, expect, it } from "vitest";
import {
  BUNDLE_FILE,
  type BundleContent,
  type BundleDocument,
  bundleDocument,
  documentText,
  EVENTS_FILE,
  evidenceFiles,
  FINDINGS_FILE,
} from "../../../cli/audit/bundle-files.ts";
import { proofsIn } from "../../../cli/audit/bundle-proofs.ts";
import { verifyBundle } from "../../../cli/audit/verify-bundle.ts";
import { memorySigner } from "../../../lab/fakes/memory-signer.ts";
import { readSealKey } from "../../../shared/domain/evidence/archive/read-seal.ts";
import {
  type BundleSeal,
  chainsOfRequest,
  type TipProof,
} from "../../../shared/domain/evidence/report/bundle-seal.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { hashOf, sha256 } from "../../../shared/domain/values/canonical-json.ts";
import { answerTo, asked, cancelled, idOf } from "../sample-requests.ts";
import {
  acknowledged,
  confirmed,
  evidenceOf,
  findingsOf,
  ID,
  POLICY,
  PUBLIC_PEM,
  type Stored,
  sealedDay,
  wholeLife,
} from "./bundle-world.ts";
import { rewritten } from "./histories.ts";

const key = readSealKey(PUBLIC_PEM);
const sealsOf = (stored: Stored) => [proofsIn(sealedDay(stored), chainsOfRequest(ID))];

function contentOf(stored: Stored, changes: Partial<BundleContent> = {}): BundleContent {
  const madeAt = "2026-11-25T08:00:00.000Z";
  return {
    findings: [],
    laterCalls: [],
    policies: [POLICY],
    ...stored,
    seals: sealsOf(stored),
    madeAt,
    ...changes,
  };
}

/** The files of a bundle, in which every hash fits. */
function filesOf(content: BundleContent): ReadonlyMap<string, Buffer> {
  const files = new Map(evidenceFiles(content));
  files.set(BUNDLE_FILE, documentText(bundleDocument(content, files)));
  return new Map([...files].map(([name, text]) => [name, Buffer.from(text)]));
}

const faultsOf = (files: ReadonlyMap<string, Buffer>) => verifyBundle(files, key).faults;

const STORED: Stored = {
  ...wholeLife(),
  evidence: evidenceOf(ID, ["eks-1", "eks-2", "eks-3"].map(confirmed)),
  findings: findingsOf(acknowledged("a drill")),
};
const CONTENT = contentOf(STORED);
const FILES = filesOf(CONTENT);

/** The same bundle after somebody changed a file as text. */
const edited = (name: string, edit: (text: string) => string) =>
  new Map(FILES).set(name, Buffer.from(edit(FILES.get(name)?.toString() ?? "")));

/** The same bundle after somebody changed `bundle.json`, and computed its hash again. */
const redocumented = (change: (document: BundleDocument) => object) =>
  edited(BUNDLE_FILE, (text) => {
    const { hash: _, ...body } = JSON.parse(text) as BundleDocument;
    const changed = change(body as BundleDocument);
    return documentText({ ...changed, hash: hashOf(changed) });
  });

/** The same bundle with other text in a file, and every hash of files computed again. */
const refiled = (name: string, text: string) => {
  const fact = { bytes: Buffer.byteLength(text), sha256: sha256(text) };
  const files = redocumented((all) => ({ ...all, files: { ...all.files, [name]: fact } }));
  return new Map(files).set(name, Buffer.from(text));
};

describe("Verification of a bundle", () => {
  it("A bundle holds as it was made, also without a key and without seals", () => {
    expect(faultsOf(FILES)).toEqual([]);
    expect(verifyBundle(FILES, undefined).faults).toEqual([]);
    const unsealed = filesOf(contentOf(STORED, { seals: [] }));
    expect(verifyBundle(unsealed, undefined).faults).toEqual([]);
  });

  it("A bundle whose seals were taken away, and whose approver was written again, fails under the key", () => {
    const events = rewritten(STORED.events, 1, { actor: "eve" });
    const forged = filesOf(contentOf({ ...STORED, events }, { seals: [] }));
    expect(faultsOf(forged)).toMatchObject([
      { file: "events.ndjson", fault: "uncovered" },
      { file: "evidence.ndjson", fault: "uncovered" },
    ]);
  });

  it("A bundle with a record behind the last sealed one fails under the key, by that record", () => {
    const evidence = STORED.evidence.slice(0, 2);
    const seals = sealsOf({ ...STORED, evidence });
    const [fault, second] = faultsOf(filesOf(contentOf(STORED, { seals })));
    expect(second).toBeUndefined();
    expect(fault).toMatchObject({ file: "evidence.ndjson", fault: "uncovered" });
    expect(fault?.detail).toContain("record 3 of EVID#");
  });

  it("An edit of any byte of any file of evidence is found, and the file is named", () => {
    const small = cancelled(asked());
    const events = [asked().event, small.event];
    const evidence = evidenceOf(ID, [confirmed("eks-1")]);
    const stored = { request: answerTo(small), events, evidence, findings: findingsOf() };
    const files = filesOf(contentOf(stored));
    const unseen: string[] = [];
    let bytes = 0;
    for (const [name, content] of files)
      for (const [at, byte] of content.entries()) {
        const changed = Buffer.from(content);
        // The neighbouring digit or letter, where there is one.
        changed[at] = byte ^ 1;
        bytes += 1;
        const { faults } = verifyBundle(new Map(files).set(name, changed), undefined);
        if (!faults.some(({ file }) => file === name)) unseen.push(`${name} at ${at}`);
      }
    expect(unseen).toEqual([]);
    expect(bytes).toBeGreaterThan(4_000);
  });

  it.each([...FILES.keys()])("A file that is missing from a bundle is named: %s", (name) => {
    const files = new Map(FILES);
    files.delete(name);
    expect(faultsOf(files)).toContainEqual(expect.objectContaining({ file: name }));
  });

  it("A file that was added to a bundle is named, but not its page", () => {
    const files = new Map(FILES).set("notes.txt", Buffer.from("x")).set("index.html", Buffer.of());
    expect(faultsOf(files)).toMatchObject([{ file: "notes.txt", fault: "added" }]);
  });

  it("A policy that no event names is foreign, and one with another text is edited", () => {
    const [text, name] = ["{}", "policies/HASH.json"];
    const strange = name.replace("HASH", sha256(text));
    const [fault] = verifyBundle(refiled(strange, `${text}\n`), undefined).faults;
    expect(fault).toMatchObject({ file: strange, fault: "foreign" });
    const own = name.replace("HASH", POLICY.hash);
    expect(verifyBundle(refiled(own, `${text}\n`), undefined).faults).toContainEqual(
      expect.objectContaining({ file: own, fault: "edited", detail: "Its hash is not its name." }),
    );
  });

  it("An edited record is named by its line", () => {
    const files = edited("events.ndjson", (text) => text.replace('"actor":"bob"', '"actor":"eve"'));
    expect(faultsOf(files)).toContainEqual(
      expect.objectContaining({ file: "events.ndjson", line: 2, fault: "edited" }),
    );
  });

  it("A history that was written again, with every hash, contradicts its seal", () => {
    const events = rewritten(STORED.events, 1, { actor: "eve" });
    expect(faultsOf(filesOf({ ...CONTENT, events }))).toContainEqual(
      expect.objectContaining({ file: "seals/2026-11-24.json", fault: "rewritten" }),
    );
  });

  it("Evidence whose last record was taken away contradicts its seal", () => {
    const evidence = STORED.evidence.slice(0, 2);
    expect(faultsOf(filesOf({ ...CONTENT, evidence }))).toContainEqual(
      expect.objectContaining({ file: "seals/2026-11-24.json", fault: "cut-off" }),
    );
  });

  it.each<[string, (one: TipProof) => TipProof]>([
    ["another leaf", (one) => ({ ...one, tip: { ...one.tip, seq: 1 } })],
    ["another place", (one) => ({ ...one, index: 4 })],
    ["no hashes", (one) => ({ ...one, proof: [] })],
  ])("A proof with %s does not hold", (_what, change) => {
    const seals = CONTENT.seals.map((seal): BundleSeal => {
      const [first, ...rest] = seal.proofs;
      return first ? { ...seal, proofs: [change(first), ...rest] } : seal;
    });
    expect(faultsOf(filesOf({ ...CONTENT, seals }))).toContainEqual(
      expect.objectContaining({ file: "seals/2026-11-24.json", fault: "not-included" }),
    );
  });

  it("A seal that was edited, or that another key made, is named", () => {
    const seals = CONTENT.seals.map((one) => ({ ...one, seal: { ...one.seal, counts: { a: 1 } } }));
    expect(faultsOf(filesOf({ ...CONTENT, seals }))).toMatchObject([{ fault: "edited" }]);
    const other = memorySigner().publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(verifyBundle(FILES, readSealKey(other)).faults).toMatchObject([{ fault: "other-key" }]);
  });

  it.each<[string, (document: BundleDocument) => object]>([
    ["calls", (all) => ({ ...all, calls: all.calls.map((one) => ({ ...one, state: "missing" })) })],
    ["findings", (all) => ({ ...all, findings: [] })],
    ["open", (all) => ({ ...all, open: [] })],
    ["sealed", (all) => ({ ...all, sealed: [] })],
    ["requestId", (all) => ({ ...all, requestId: idOf(2) })],
    ["approvedBy", (all) => ({ ...all, approvedBy: "eve" })],
  ])("A summary whose %s does not follow from the records is found", (member, change) => {
    expect(faultsOf(redocumented(change))).toContainEqual({
      file: BUNDLE_FILE,
      fault: "disagrees",
      detail: `Its ${member} does not follow from the records.`,
    });
  });

  it.each([
    "requester",
    "reason",
    "digest",
    "state",
    "version",
    "approvals",
    "effectiveAt",
    "expiresAt",
    "endedAt",
  ])("A request whose %s contradicts its history is found", (member) => {
    const files = redocumented((all) => ({ ...all, request: { ...all.request, [member]: "x" } }));
    expect(faultsOf(files)).toMatchObject([
      { fault: "disagrees", detail: `Its request.${member} contradicts events.ndjson.` },
    ]);
  });

  it("Records of another request in a bundle are named", () => {
    const evidence = evidenceOf(idOf(2), [confirmed("eks-1")]);
    const files = filesOf({ ...CONTENT, evidence, seals: [] });
    expect(verifyBundle(files, undefined).faults).toMatchObject([
      { file: "evidence.ndjson", line: 1, fault: "foreign" },
    ]);
  });

  it("A bundle.json that means the same, but is written otherwise, is edited", () => {
    for (const edit of [
      (text: string) => `${text}\n`,
      (text: string) => JSON.stringify(JSON.parse(text)),
      (text: string) => text.replace('"schema"', '"\\u0073chema"'),
    ])
      expect(faultsOf(edited(BUNDLE_FILE, edit))).toMatchObject([{ fault: "edited" }]);
  });

  it("An edited finding is named by its line, though the file's hash fits", () => {
    const text = FILES.get(FINDINGS_FILE)?.toString().replace("a drill", "nothing") ?? "";
    expect(faultsOf(refiled(FINDINGS_FILE, text))).toContainEqual(
      expect.objectContaining({ file: FINDINGS_FILE, line: 2, fault: "edited" }),
    );
  });

  it("A chain is sealed as far as the last of several seals covers it", () => {
    const before = { ...STORED, events: STORED.events.slice(0, 3), evidence: [] };
    const first = sealedDay(before);
    const seals = [first, sealedDay(STORED, "2026-11-25", first)].map((sealed) =>
      proofsIn(sealed, chainsOfRequest(ID)),
    );
    const files = filesOf({ ...CONTENT, seals });
    expect(faultsOf(files)).toEqual([]);
    expect(verifyBundle(files, key).document?.sealed).toMatchObject([
      { chain: `AUDIT#${ID}`, records: 5, sealedUpTo: 5, day: "2026-11-25" },
      { chain: `EVID#${ID}`, records: 3, sealedUpTo: 3, day: "2026-11-25" },
    ]);
  });

  it.each([{ calls: 7 }, { calls: [null] }, null])(
    "Details that no timelatch wrote do not hold, and break nothing, though every hash fits: %j",
    (details) => {
      const changes = { details } as unknown as Partial<AuditEvent>;
      const events = rewritten(STORED.events, 3, changes);
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
      const { faults } = verifyBundle(refiled(EVENTS_FILE, lines), undefined);
      expect(faults.map(({ fault }) => fault)).toContain("unreadable");
    },
  );

  it("Of a file with many lines that are none, the rest is named as not read", () => {
    const faults = faultsOf(edited("events.ndjson", () => "\n".repeat(1_000_000)));
    const unread = faults.filter(
      ({ detail }) => detail === "Its lines after line 10 were not read.",
    );
    expect(unread).toMatchObject([{ file: "events.ndjson", fault: "unreadable" }]);
    expect(faults.length).toBeLessThan(30);
  });

  it("A line of a bundle that is longer than any record is named, and not read", () => {
    const faults = faultsOf(edited("findings.ndjson", () => `${"[".repeat(5_000_000)}\n`));
    expect(faults).toContainEqual(
      expect.objectContaining({ line: 1, detail: "This line is longer than any record." }),
    );
  });
});
