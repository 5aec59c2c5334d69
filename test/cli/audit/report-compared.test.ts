/** A report where records and CloudTrail's own files differ, and what it says it was compared with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { agreesText } from "../../../cli/text/report-text.ts";
import { identity } from "../../../lab/fakes/correlate-broker.ts";
import { recordWith } from "../../../lab/fakes/raw-trail-events.ts";
import { nextEvidence, nextFinding } from "../../../shared/domain/evidence/evidence-chain.ts";
import type { AuditReport } from "../../../shared/domain/evidence/report/audit-report.ts";
import {
  contradictedEvents,
  eventFacts,
} from "../../../shared/domain/evidence/report/contradicted-events.ts";
import { readListedEvent } from "../../../shared/domain/evidence/trail/parse-trail-event.ts";
import { anEvent, CLUSTER } from "../../shared/domain/evidence/samples.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { reportApi, type Story } from "./report-world.ts";

const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };
const AT = "2026-10-05T10:02:00.000Z";
const ACCOUNT = "111122223333";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-compared-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Somebody else's change, as CloudTrail has it. */
const CALLER = "arn:aws:iam::111122223333:role/people/mallory";
const RECORD = recordWith({
  ...{ eventID: "of-mallory", eventTime: "2026-10-05T10:02:00Z" },
  userIdentity: identity(CALLER, "mallory"),
});
const read = readListedEvent(JSON.stringify(RECORD), new Set([ACCOUNT]));
if (!("event" in read)) throw new Error(read.because);
const { event: THEIRS } = read;

const STORY: Story = { number: 1, at: "2026-10-05T10:00:00.000Z", seen: "none", note: "yes" };
const archived = (record: ReturnType<typeof nextEvidence>) =>
  [{ chain: `EVID#${idOf(1)}`, record }] as const;

/** A report by the files, where one false record was added. */
async function reportWith(more: Parameters<typeof reportApi>[1]): Promise<AuditReport> {
  const trail = path.join(folder, "trail.json");
  writeFileSync(trail, JSON.stringify({ Records: [RECORD] }));
  const out = path.join(folder, "report.json");
  const { context } = fakeTerminal({ api: reportApi([STORY], more) });
  await auditReport(context, {
    ...PERIOD,
    format: "json",
    out,
    overwrite: true,
    cloudtrail: [trail],
  });
  return JSON.parse(readFileSync(out, "utf8")) as AuditReport;
}

describe("A false record about an event of CloudTrail", () => {
  it("A confirmation that names somebody else's event by its id and hash is contradicted", async () => {
    const { eventId, eventTime, sha256 } = THEIRS;
    const details = { eksRequestId: "eks-1-1", eventId, eventTime, sha256 };
    const forged = { type: "confirmed", requestId: idOf(1), at: AT, details } as const;
    const { completeness } = await reportWith(archived(nextEvidence(undefined, forged)));
    expect(completeness).toMatchObject({ contradicted: ["of-mallory"], isComplete: false });
  });

  it("An explanation whose event has another principal is contradicted", async () => {
    const event = { ...THEIRS, principalArn: "arn:aws:iam::111122223333:role/alice" };
    const details = { why: "intent", eventKey: "of-mallory", event } as const;
    const forged = { type: "explained", requestId: idOf(1), at: AT, details } as const;
    const { completeness } = await reportWith(archived(nextEvidence(undefined, forged)));
    expect(completeness).toMatchObject({ contradicted: ["of-mallory"], isComplete: false });
  });

  it("An expected change whose event has another caller is contradicted, and a true one is not", async () => {
    const expected = (event: typeof THEIRS, principal = CALLER) => {
      const details = { eventKey: "of-mallory", principal, reason: "y", event };
      const draft = { type: "expected", chain: `${CLUSTER}#2026-10`, at: AT, details } as const;
      const record = nextFinding(undefined, draft);
      return [{ chain: `FIND#${record.chain}`, record }] as const;
    };
    const other = { ...THEIRS, caller: { ...THEIRS.caller, arn: "arn:aws:iam::1:user/x" } };
    expect((await reportWith(expected(other))).completeness.contradicted).toEqual(["of-mallory"]);
    expect((await reportWith(expected(THEIRS))).completeness.contradicted).toEqual([]);
    const unfit = await reportWith(expected(THEIRS, "arn:aws:iam::111122223333:role/ci"));
    expect(unfit.completeness.contradicted).toEqual(["of-mallory"]);
  });

  it("A confirmation of somebody else's call under its own request id is contradicted", async () => {
    const { eventId, eventTime, sha256, eksRequestId } = THEIRS;
    const details = { eksRequestId: eksRequestId ?? "", eventId, eventTime, sha256 };
    const forged = { type: "confirmed", requestId: idOf(1), at: AT, details } as const;
    const { completeness } = await reportWith(archived(nextEvidence(undefined, forged)));
    expect(completeness).toMatchObject({ contradicted: ["of-mallory"], isComplete: false });
  });

  it.each(["intent", "removal", "fuse"] as const)(
    "An explanation of somebody else's call by %s is contradicted",
    async (why) => {
      const details = { why, eventKey: "of-mallory", event: THEIRS } as const;
      const forged = { type: "explained", requestId: idOf(1), at: AT, details } as const;
      const { completeness } = await reportWith(archived(nextEvidence(undefined, forged)));
      expect(completeness).toMatchObject({ contradicted: ["of-mallory"], isComplete: false });
    },
  );

  it("A finding about an event that the files lack is contradicted, and one of another period is not", async () => {
    const foundAt = async (eventTime: string) => {
      const event = { ...THEIRS, eventId: "never", eventTime };
      const details = { eventKey: "never", principal: CALLER, reason: "y", event };
      const draft = { type: "expected", chain: `${CLUSTER}#2026-10`, at: AT, details } as const;
      const record = nextFinding(undefined, draft);
      const found = await reportWith([{ chain: `FIND#${record.chain}`, record }]);
      return found.completeness.contradicted;
    };
    expect(await foundAt(AT)).toEqual(["never"]);
    expect(await foundAt("2026-09-05T10:02:00.000Z")).toEqual([]);
  });

  it.each(["eksRequestId", "eventTime", "sha256"] as const)(
    "A confirmation by a call of ours that says another %s is contradicted",
    (member) => {
      const event = anEvent();
      const { eventId, eventTime, sha256, eksRequestId } = event;
      const claim = { eventId, eventTime, sha256, eksRequestId: eksRequestId ?? "" };
      expect(contradictedEvents([event], [claim], [])).toEqual([]);
      expect(contradictedEvents([event], [{ ...claim, [member]: "x" }], [])).toEqual([eventId]);
    },
  );

  it("A confirmation of a call that no history has, by an event that complete files lack, is contradicted", () => {
    const claim = { eksRequestId: "x", eventId: "never", eventTime: AT, sha256: "a".repeat(64) };
    expect(contradictedEvents([THEIRS], [{ ...claim, isDue: true }], [])).toEqual(["never"]);
    expect(contradictedEvents([THEIRS], [claim], [])).toEqual([]);
  });

  it("Of a corrected event, a record may show either", () => {
    const addendum = { reason: "UPDATED_DATA", originalRequestId: null, originalEventId: "first" };
    const [first, later] = [
      anEvent({ eventId: "first", sha256: "a".repeat(64) }),
      anEvent({ eventId: "second", sha256: "b".repeat(64), addendum }),
    ];
    const claim = (event: typeof first) => ({ eventKey: "first", facts: eventFacts(event) });
    expect(contradictedEvents([first, later], [], [claim(first), claim(later)])).toEqual([]);
    const forged = { ...claim(first), facts: "x" };
    expect(contradictedEvents([first, later], [], [forged])).toEqual(["first"]);
  });
});

describe("An addition by a grantor role that is in a request's evidence, and in no history", () => {
  const GRANTOR = "arn:aws:iam::111122223333:role/timelatch-grantor";
  const ours = recordWith({
    ...{ eventID: "of-grantor", eventTime: "2026-10-05T12:00:00Z", requestID: "eks-more" },
    userIdentity: identity(GRANTOR, `timelatch-${idOf(1)}`),
  });

  it.each([
    ["unaccounted, once the request is over", STORY, ["of-grantor"]],
    ["explained, while its history may still get it", { ...STORY, open: true }, []],
  ] as const)("It is %s", async (_, story, unaccounted) => {
    const trail = path.join(folder, "grantor.json");
    writeFileSync(trail, JSON.stringify({ Records: [ours] }));
    const seen = readListedEvent(JSON.stringify(ours), new Set([ACCOUNT]));
    if (!("event" in seen)) throw new Error(seen.because);
    const { eventId, eventTime, sha256 } = seen.event;
    const details = { eksRequestId: "eks-more", eventId, eventTime, sha256 };
    const forged = { type: "confirmed", requestId: idOf(1), at: AT, details } as const;
    const out = path.join(folder, "grantor-report.json");
    const { context } = fakeTerminal({
      api: reportApi([story], archived(nextEvidence(undefined, forged))),
    });
    await auditReport(context, { ...PERIOD, format: "json", out, cloudtrail: [trail] });
    const { completeness } = JSON.parse(readFileSync(out, "utf8")) as AuditReport;
    expect(completeness.unaccounted).toEqual(unaccounted);
  });
});

describe("What a report was compared with", () => {
  it.each(["text", "html"] as const)(
    "Without files of CloudTrail, %s says that nothing was compared",
    async (format) => {
      const out = path.join(folder, "report");
      const { context } = fakeTerminal({ api: reportApi([{ ...STORY, seen: "confirmed" }]) });
      await auditReport(context, { ...PERIOD, format, out });
      const said = readFileSync(out, "utf8");
      expect(said).toContain(
        "not compared with CloudTrail's own files".replace("'", format === "html" ? "&#39;" : "'"),
      );
      expect(said).not.toMatch(/Agrees\s+yes/);
    },
  );
});

describe("Whether a report agrees with CloudTrail", () => {
  it.each([
    ["files", true, 0, "yes"],
    ["files", true, 1, "yes, but 1 finding open: see below"],
    ["files", false, 2, "NO: see below"],
    [
      "received",
      true,
      2,
      "not compared with CloudTrail's own files (--cloudtrail), but 2 findings open: see below",
    ],
  ] as const)(
    "By %s, complete: %s, with %d findings open, it says %j",
    (trail, isComplete, open, said) => {
      expect(agreesText(trail, isComplete, open)).toBe(said);
    },
  );
});

describe("A grant that ends with the period", () => {
  it("It is judged by when its access was gone, also after the period", async () => {
    const open = { number: 1, at: "2026-10-31T23:00:00.000Z", open: true, note: "yes" } as const;
    const late = async (goneAt?: string) => {
      const { context, out } = fakeTerminal({
        api: reportApi([{ ...open, ...(goneAt ? { goneAt } : {}) }]),
        columns: Number.POSITIVE_INFINITY,
      });
      await auditReport(context, PERIOD);
      return out();
    };
    expect(await late("2026-11-01T00:00:00.000Z")).toMatch(/Ended late +0\n/);
    expect(await late("2026-11-01T00:01:30.000Z")).toContain(
      `${idOf(1)} (alice on prod): gone 1m30s after its end`,
    );
    expect(await late()).toContain("and its end is not yet confirmed");
  });
});
