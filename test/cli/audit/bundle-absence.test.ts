/** The seals of a bundle show up to which day nothing is left out, and where something may be. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundleDocument, documentText, evidenceFiles } from "../../../cli/audit/bundle-files.ts";
import { proofsIn } from "../../../cli/audit/bundle-proofs.ts";
import { verifyBundle } from "../../../cli/audit/verify-bundle.ts";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { readSealKey } from "../../../shared/domain/evidence/archive/read-seal.ts";
import type { SealedDay } from "../../../shared/domain/evidence/archive/seal.ts";
import {
  type BundleSeal,
  chainsOfRequest,
} from "../../../shared/domain/evidence/report/bundle-seal.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import {
  apiOf,
  confirmed,
  evidenceOf,
  findingsOf,
  ID,
  POLICY,
  PUBLIC_PEM,
  type Stored,
  sealedDay,
  wholeLife,
  writeArchive,
} from "./bundle-world.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-absence-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const WHOLE: Stored = { ...wholeLife(), evidence: evidenceOf(ID, [confirmed("eks-1")]) };

/** The first three events: the access is active. */
const ACTIVE: Stored = {
  request: { ...WHOLE.request, state: "active", version: 3, endedAt: null, outcome: null },
  events: WHOLE.events.slice(0, 3),
  evidence: [],
};

/** Its access began on the first day, and ended on the second. On the third only others changed. */
const FIRST = sealedDay(ACTIVE);
const SECOND = sealedDay(WHOLE, "2026-11-25", FIRST);
const THIRD = sealedDay({ events: [], evidence: [] }, "2026-11-26", SECOND);
const ARCHIVE = [FIRST, SECOND, THIRD];

/** The answer of verification under the key, about a bundle that the command made. */
async function verified(stored: Stored, archive: readonly SealedDay[], json = false) {
  const out = path.join(folder, "bundle");
  const options = { out, archive: writeArchive(folder, archive) };
  await auditBundle(fakeTerminal({ api: apiOf(stored) }).context, ID, options);
  const terminal = fakeTerminal({ json });
  await auditVerifyAny(terminal.context, [out], { key: path.join(folder, "public.pem") });
  return json ? terminal.out() : terminal.out().replace(/\s+/g, " ");
}

/** The faults, under the key, of a bundle in which every hash fits. */
function faultsOf(stored: Stored, seals: readonly BundleSeal[]) {
  const given = { findings: [], laterCalls: [], policies: [POLICY], ...stored, seals };
  const content = { ...given, madeAt: "2026-11-27T08:00:00.000Z" };
  const files = new Map(evidenceFiles(content));
  files.set("bundle.json", documentText(bundleDocument(content, files)));
  const bytes = new Map([...files].map(([name, text]) => [name, Buffer.from(text)]));
  return verifyBundle(bytes, readSealKey(PUBLIC_PEM)).faults;
}

const bundled = (...days: readonly SealedDay[]) =>
  days.map((sealed) => proofsIn(sealed, chainsOfRequest(ID)));

describe("A bundle with the seal of each day", () => {
  it("It says up to which day nothing that was sealed is left out", async () => {
    expect(await verified(WHOLE, ARCHIVE)).toContain(
      "The 3 seals from 2026-11-24 to 2026-11-26: signed by the key that you named, and covering its events and its evidence. No event and no evidence is left out that was sealed up to 2026-11-26. It does not show what came later, nor whether findings were left out: its key covers none.",
    );
  });

  it("Where its end is left out with the seals of those days, it says an earlier day", async () => {
    const said = await verified(ACTIVE, [FIRST]);
    expect(said).toContain(
      "No event and no evidence is left out that was sealed up to 2026-11-24.",
    );
  });

  it("It counts its findings, since others may have been left out", async () => {
    const stored = { ...WHOLE, findings: findingsOf() };
    expect(await verified(stored, ARCHIVE)).toContain(
      "nor whether findings besides its 1 were left out",
    );
  });

  it("The document under --json has the day, and so has bundle.json", async () => {
    const said = JSON.parse(await verified(WHOLE, ARCHIVE, true));
    expect(said).toMatchObject({ signatures: "hold", completeTo: "2026-11-26", seals: 3 });
    expect(said.absence).toContain("No event and no evidence is left out");
    const document = JSON.parse(readFileSync(path.join(folder, "bundle/bundle.json"), "utf8"));
    expect(document.completeTo).toBe("2026-11-26");
  });

  it("Seals of days before the request are not in it", async () => {
    const before = sealedDay({ events: [], evidence: [] }, "2026-11-23");
    const first = sealedDay(ACTIVE, "2026-11-24", before);
    const said = await verified(ACTIVE, [before, first]);
    expect(said).toContain("The seal of 2026-11-24: signed by");
  });

  it("The page says how many seals the bundle has", async () => {
    await verified(WHOLE, ARCHIVE);
    const page = readFileSync(path.join(folder, "bundle/index.html"), "utf8");
    expect(page).toContain(
      "The days on which the records changed, of the 3 whose seals are in the bundle",
    );
  });
});

describe("A bundle from which something was left out", () => {
  it.each([
    ["the seal of a day between", ACTIVE, bundled(FIRST, THIRD), "2026-11-26", "from 2026-11-25"],
    ["the seals of its first days", WHOLE, bundled(SECOND, THIRD), "2026-11-25", "from 2026-11-24"],
  ])("It does not hold without %s", (_, stored, seals, day, detail) => {
    expect(faultsOf(stored, seals)).toMatchObject([
      { file: `seals/${day}.json`, fault: "gap", detail: expect.stringContaining(detail) },
    ]);
  });

  it("It does not hold without the proof of its evidence", () => {
    const [first, second, third] = bundled(FIRST, SECOND, THIRD);
    const less = { ...second, proofs: second?.proofs.slice(0, 1) } as BundleSeal;
    const seals = [first, less, third].flatMap((seal) => seal ?? []);
    expect(faultsOf({ ...WHOLE, evidence: [] }, seals)).toMatchObject([
      { file: "seals/2026-11-25.json", fault: "gap", detail: expect.stringContaining("EVID#") },
    ]);
  });

  it("It does not hold where other leaves are named as the neighbours", () => {
    const other = proofsIn(SECOND, ["AUDIT#a", "AUDIT#b", "EVID#z"]);
    const [first, second] = bundled(FIRST, SECOND);
    const proofs = second?.proofs.slice(0, 1) ?? [];
    const less = { ...other, proofs, neighbours: other.proofs };
    const seals = [...(first ? [first] : []), less];
    expect(faultsOf({ ...WHOLE, evidence: [] }, seals)).toMatchObject([{ fault: "gap" }]);
  });

  it("It does not hold where a neighbour is not in the tree", () => {
    const [first, second, third] = bundled(FIRST, SECOND, THIRD);
    const forged = third?.neighbours?.map((each) => ({ ...each, index: 0 }));
    const seals = [first, second, { ...third, neighbours: forged } as BundleSeal];
    const faults = faultsOf(WHOLE, seals as BundleSeal[]);
    expect(faults).toContainEqual(expect.objectContaining({ fault: "not-included" }));
  });

  it("It does not hold where a seal follows another one than the bundle's", () => {
    const fork = sealedDay({ events: [], evidence: [] }, "2026-11-26", FIRST);
    expect(faultsOf(WHOLE, bundled(FIRST, SECOND, fork))).toMatchObject([
      { file: "seals/2026-11-26.json", fault: "gap", detail: expect.stringContaining("follow") },
    ]);
  });

  it("The command says so with exit code 8", async () => {
    await verified(WHOLE, ARCHIVE);
    const out = path.join(folder, "bundle");
    const text = readFileSync(path.join(out, "seals/2026-11-26.json"), "utf8");
    writeFileSync(path.join(out, "seals/2026-11-27.json"), text);
    const check = auditVerifyAny(fakeTerminal().context, [out], {
      key: path.join(folder, "public.pem"),
    });
    await expect(check).rejects.toMatchObject({ exit: "unverified" });
  });
});
