/** `timelatch show` for auditors: what CloudTrail and the audit log say of a request. */
import { describe, expect, it } from "vitest";
import type { Call } from "../../cli/api/call.ts";
import { show } from "../../cli/commands/show.ts";
import { Failure } from "../../cli/failures/failure.ts";
import type { ActivitySummary } from "../../shared/domain/evidence/activity/activity-summary.ts";
import { recordState } from "../../shared/domain/evidence/calls/call-state.ts";
import { callsIn } from "../../shared/domain/requests/audit-event.ts";
import type { EvidenceAnswer } from "../../shared/http/contract/answers.ts";
import { aFinding } from "../shared/domain/evidence/finding-samples.ts";
import { confirmed, evidenceOf, ID, wholeLife } from "./audit/bundle-world.ts";
import { fakeApi, fakeTerminal } from "./fake-terminal.ts";

const { request, events } = wholeLife();

const ACTIVITY: ActivitySummary = {
  state: "read",
  from: "2026-11-24T10:02:00.000Z",
  until: "2026-11-24T10:31:00.000Z",
  query: "fields verb",
  scannedBytes: 1_000,
  counts: [
    { verb: "delete", resource: "pods", namespace: "payments-api", outcome: "denied", count: 2 },
    { verb: "list", resource: "pods", namespace: "payments-api", outcome: "allowed", count: 40 },
    { verb: "get", resource: "", namespace: null, outcome: "allowed", count: 3 },
  ],
  firstAt: "2026-11-24T10:03:00.000Z",
  lastAt: "2026-11-24T10:20:00.000Z",
  streams: [
    {
      kind: "exec",
      namespace: "payments-api",
      pod: "api-0",
      startedAt: "2026-11-24T10:05:00.000Z",
      endedAt: null,
    },
  ],
  leftBehind: [],
  isCut: false,
};

/** The first call is confirmed, the second missing, and the third has time. */
const RECORDS = evidenceOf(ID, [
  confirmed("eks-1"),
  { type: "missing", details: { eksRequestId: "eks-2", calledAt: "2026-11-24T10:02:00.000Z" } },
]);
const evidence = (changes: Partial<EvidenceAnswer> = {}): EvidenceAnswer => ({
  calls: events
    .flatMap(callsIn)
    .map((call) => ({ ...call, state: recordState(call, changes.records ?? RECORDS) })),
  records: RECORDS,
  findings: [],
  ...changes,
});

const refusal = (code: string) =>
  new Failure("refused", code, { what: "No.", notDone: "", next: ["Next: ask."] });

/** An API whose reader is an auditor or not, by what it answers of the evidence. */
function apiFor(answer: () => EvidenceAnswer, isAuditor = true) {
  const plain = events.map((event) => {
    const { proof: _, ...details } = event.details as Record<string, unknown>;
    return { ...event, details };
  });
  return fakeApi(({ path }: Call) => {
    if (path.endsWith("/events")) return { events: isAuditor ? events : plain };
    return path.endsWith("/evidence") ? answer() : request;
  });
}

async function shown(api: ReturnType<typeof apiFor>, json = false) {
  const terminal = fakeTerminal({ api, json });
  await show(terminal.context, ID, {});
  return { out: terminal.out(), paths: api.calls.map(({ path }) => path.split("/").at(-1)) };
}

const nothing = () => {
  throw refusal("forbidden");
};

describe("timelatch show for an auditor", () => {
  it("timelatch show shows each call to EKS with what CloudTrail says of it", async () => {
    const { out } = await shown(apiFor(() => evidence()));
    expect(out).toMatch(/CreateAccessEntry +ok +confirmed \d\d:02 /);
    expect(out).toMatch(/AssociateAccessPolicy +ok +missing\n/);
    expect(out).toMatch(/DisassociateAccessPolicy +ok +unconfirmed\n/);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("timelatch show says that there is nothing to confirm of a call that changed nothing", async () => {
    const calls = evidence().calls.map((call) => ({ ...call, result: "Throttled", state: null }));
    const { out } = await shown(apiFor(() => evidence({ calls })));
    expect(out).toMatch(/Throttled +nothing to confirm\n/);
  });

  it("timelatch show shows the findings on the grant", async () => {
    const finding = aFinding();
    const { out } = await shown(apiFor(() => evidence({ findings: [finding] })));
    expect(out).toContain(finding.details.findingId.slice(0, 8));
    expect(out).toContain("changed from outside");
    expect(out).toContain("AssociateAccessPolicy AmazonEKSViewPolicy on people/alice");
  });

  it("timelatch show shows the first lines of what was done with the access", async () => {
    const records = evidenceOf(ID, [{ type: "activity", details: ACTIVITY }]);
    const { out } = await shown(apiFor(() => evidence({ records })));
    // The sentence is longer than a line.
    expect(out.replace(/\s+/g, " ")).toContain(
      "45 requests allowed by this access, refused, or made as somebody else, from ",
    );
    expect(out).toContain("3 × get other URLs, allowed");
    const most = out.indexOf("40 × list pods in payments-api, allowed");
    expect(most).toBeGreaterThan(0);
    expect(out.indexOf("2 × delete pods in payments-api, denied")).toBeGreaterThan(most);
    expect(out).toContain("1 connection into containers, 1 open at the end");
  });

  it("timelatch show says that a summary had no room for everything", async () => {
    const details = { ...ACTIVITY, isCut: true };
    const records = evidenceOf(ID, [{ type: "activity", details }]);
    const { out } = await shown(apiFor(() => evidence({ records })));
    expect(out).toContain("There was more than the summary holds.");
  });

  it("timelatch show says why nobody knows what was done with the access", async () => {
    const details = { ...ACTIVITY, state: "logging-off" } as const;
    const records = evidenceOf(ID, [{ type: "activity", details }]);
    const { out } = await shown(apiFor(() => evidence({ records })));
    expect(out).toContain("The cluster wrote no audit log");
  });

  it("A record that differs from its history is named with the summary", async () => {
    const details = { ...ACTIVITY, differing: ["endedAt"] };
    const records = evidenceOf(ID, [{ type: "activity", details }]);
    const { out } = await shown(apiFor(() => evidence({ records })));
    expect(out.replace(/\s+/g, " ")).toContain("differs from its history (endedAt)");
  });

  it("timelatch show has the evidence as a member under --json", async () => {
    const { out, paths } = await shown(
      apiFor(() => evidence()),
      true,
    );
    expect(JSON.parse(out)).toEqual({ ...request, evidence: evidence() });
    expect(paths).toEqual([ID, "evidence"]);
  });
});

describe("timelatch show for others", () => {
  it("timelatch show does not ask for evidence where the history shows that the reader is no auditor", async () => {
    const { out, paths } = await shown(apiFor(nothing, false));
    expect(paths).toEqual([ID, "events"]);
    expect(out).not.toContain("Calls to EKS");
  });

  it("timelatch show prints only the request under --json if the evidence is refused", async () => {
    const { out } = await shown(apiFor(nothing, false), true);
    expect(JSON.parse(out)).toEqual(request);
  });

  it.each(["forbidden", "route-not-found"])(
    "timelatch show shows the request all the same where the API answers %s",
    async (code) => {
      const { out } = await shown(
        apiFor(() => {
          throw refusal(code);
        }),
      );
      expect(out).toContain("History");
    },
  );

  it("timelatch show fails where the API fails to read the evidence", async () => {
    const api = apiFor(() => {
      throw refusal("internal-error");
    });
    await expect(shown(api)).rejects.toMatchObject({ code: "internal-error" });
  });
});
