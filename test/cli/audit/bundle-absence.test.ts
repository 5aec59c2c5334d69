import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import {
  apiOf,
  confirmed,
  evidenceOf,
  findingsOf,
  ID,
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

/** Its events and evidence after it became active were left out, with the seal of their day. */
const WITHOUT_ITS_END: Stored = {
  request: { ...WHOLE.request, state: "active", version: 3, endedAt: null, outcome: null },
  events: WHOLE.events.slice(0, 3),
  evidence: [],
};

/** The answer of verification about a bundle of these records, under the key that sealed them. */
async function verified(stored: Stored, json = false) {
  const archive = writeArchive(folder, [sealedDay(stored)]);
  const out = path.join(folder, "bundle");
  await auditBundle(fakeTerminal({ api: apiOf(stored) }).context, ID, { out, archive });
  const terminal = fakeTerminal({ json });
  await auditVerifyAny(terminal.context, [out], { key: path.join(folder, "public.pem") });
  return json ? terminal.out() : terminal.out().replace(/\s+/g, " ");
}

describe("The absence that a bundle does not prove", () => {
  it("A bundle whose end and evidence were left out verifies under its key, which says that it does not show them", async () => {
    expect(await verified(WITHOUT_ITS_END)).toContain(
      "It does not show whether events after event 3 (sealed 2026-11-24), any evidence, or findings were left out, and its key covers no finding. The archive has all that was sealed: compare.",
    );
  });

  it("A bundle with evidence and findings says after which record more may have been left out", async () => {
    expect(await verified({ ...WHOLE, findings: findingsOf() })).toContain(
      "events after event 5 (sealed 2026-11-24), evidence after record 1 (sealed 2026-11-24), or findings besides its 1 were left out",
    );
  });

  it("The document under --json has the same sentence", async () => {
    const { signatures, notShown } = JSON.parse(await verified(WHOLE, true));
    expect(signatures).toBe("hold");
    expect(notShown).toContain("It does not show whether events after event 5");
  });
});
