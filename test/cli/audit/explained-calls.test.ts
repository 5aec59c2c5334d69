import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { bundleFacts } from "../../../shared/domain/evidence/report/bundle.ts";
import { anEvent } from "../../shared/domain/evidence/samples.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { apiOf, confirmed, evidenceOf, ID, wholeLife } from "./bundle-world.ts";
import { reportApi } from "./report-world.ts";

const explained = (eksRequestId: string, eventTime = "2026-11-24T10:02:00.000Z") => {
  const event = anEvent({ eksRequestId, eventId: `event-${eksRequestId}`, eventTime });
  return {
    type: "explained",
    details: { why: "intent", eventKey: event.eventId, event },
  } as const;
};
const CALLER = anEvent().caller.arn;
const LINE =
  "AssociateAccessPolicy, 2026-11-24T10:02:00.000Z: explained by what a run was about to do";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-explained-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const terminalFor = (api: ReturnType<typeof apiOf>) =>
  fakeTerminal({ api, columns: Number.POSITIVE_INFINITY });

describe("Calls that only CloudTrail shows", () => {
  const stored = {
    ...wholeLife(),
    evidence: evidenceOf(ID, [...["eks-1", "eks-2", "eks-3"].map(confirmed), explained("unknown")]),
  };

  it("A bundle names each, in what it prints, in its page and when it is verified", async () => {
    const out = path.join(folder, "bundle");
    const made = terminalFor(apiOf(stored));
    await auditBundle(made.context, ID, { out });
    expect(made.out()).toContain(`Without a call on record:\n  ${LINE}\n`);
    const page = readFileSync(path.join(out, "index.html"), "utf8");
    expect(page).toContain("Without a call on record");
    expect(page).toContain("event-unknown");
    const verified = terminalFor(apiOf(stored));
    await auditVerifyAny(verified.context, [out], {});
    expect(verified.out()).toContain(LINE);
  });

  it("A call whose event was explained before its record came is among the calls", () => {
    const records = { ...stored, findings: [], laterCalls: [], seals: [], policies: [] };
    const evidence = evidenceOf(ID, [explained("eks-2")]);
    expect(bundleFacts({ ...records, evidence }).explained).toBeUndefined();
    expect(bundleFacts(records).explained).toMatchObject([{ eventId: "event-unknown" }]);
  });

  it("A report names each of the period under what to look at, with its requests", async () => {
    const at = "2026-10-05T10:00:00.000Z";
    const [record] = evidenceOf(idOf(1), [explained("unknown", at)]);
    const [late] = evidenceOf(idOf(1), [explained("eks-1-1", at)]);
    const [before] = evidenceOf(idOf(1), [explained("early", "2026-09-30T10:00:00.000Z")]);
    if (!record || !late || !before) throw new Error("Three records were expected.");
    const chain = `EVID#${idOf(1)}`;
    const archived = [record, late, before].map((one) => ({ chain, record: { ...one, at } }));
    const api = reportApi([{ number: 1, at, note: "go ahead" }], archived);
    const terminal = fakeTerminal({ api, columns: Number.POSITIVE_INFINITY });
    await auditReport(terminal.context, { from: "2026-10-01", to: "2026-11-20" });
    const said = terminal.out();
    expect(said).toContain(
      `${idOf(1)}: ${LINE.replace("2026-11-24T10:02", "2026-10-05T10:00")}, by ${CALLER}, and no call is on record`,
    );
    expect(said.match(/no call is on record/g)).toHaveLength(1);
  });
});
