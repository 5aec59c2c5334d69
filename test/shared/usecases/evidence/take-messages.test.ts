import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Somebody with this role changes Alice's entry now. */
const aCall = (
  { clock }: ReturnType<typeof correlateBroker>,
  roleArn: string,
  eksRequestId = "9f1c2d3e-0000-4000-8000-00000000000f",
): RecordedCall => ({
  eksRequestId,
  operation: "AssociateAccessPolicy",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  target: EDIT,
  elements: ["ns/kube-system"],
  roleArn,
  sessionName: "session",
  at: clock.now(),
  result: "ok",
  requestIds: [],
});

describe("a batch of CloudTrail's events", () => {
  it("A message that must wait is hidden until its time, comes again, and counts for no alarm yet", async () => {
    const broker = correlateBroker();
    const record = recordOf(aCall(broker, role("timelatch-grantor")));
    expect(await broker.take(record)).toEqual(["message-0"]);
    expect(broker.delays).toEqual([{ receiptHandle: "receipt-0", seconds: 600 }]);
    expect(broker.counts).toEqual({});
    broker.clock.advance(600);
    expect(await broker.take(record)).toEqual([]);
    expect(broker.delays).toHaveLength(1);
    expect(broker.counts).toEqual({ EvidenceFindings: 1 });
  });

  it("A message that must wait holds up no other message of its batch", async () => {
    const broker = correlateBroker();
    const waits = recordOf(aCall(broker, role("timelatch-grantor"), "one"));
    const found = recordOf(aCall(broker, role("people/mallory"), "two"));
    expect(await broker.take(waits, found, waits)).toEqual(["message-0", "message-2"]);
    expect(broker.counts["EvidenceFindings"]).toBe(1);
  });

  it("A message whose event cannot be stored comes again, and the others are done", async () => {
    const broker = correlateBroker();
    const found = recordOf(aCall(broker, role("people/mallory")));
    const { appendFinding } = broker.evidence;
    Object.assign(broker.evidence, {
      appendFinding: async () => {
        throw new Error("The table does not answer.");
      },
    });
    expect(await broker.take(found, "{}")).toEqual(["message-0"]);
    expect(broker.logs).toContain("event not correlated");
    Object.assign(broker.evidence, { appendFinding });
    expect(await broker.take(found)).toEqual([]);
  });

  it.each([
    ["malformed", () => "not JSON"],
    [
      "of an unknown version",
      (broker: ReturnType<typeof correlateBroker>) =>
        recordOf(aCall(broker, role("people/mallory")), { eventVersion: "2.0" }),
    ],
    [
      "too large",
      (broker: ReturnType<typeof correlateBroker>) =>
        recordOf(aCall(broker, role("people/mallory")), { filler: "x".repeat(256 * 1024) }),
    ],
  ] as const)(
    "An event that is %s counts for the alarm EvidenceFindings, and does not come again",
    async (_what, body) => {
      const broker = correlateBroker();
      expect(await broker.take(body(broker))).toEqual([]);
      expect(broker.counts).toEqual({ EvidenceFindings: 1 });
    },
  );

  it("Every alarm that a batch counts for is an alarm of the stack, with a section in the runbook", async () => {
    const broker = correlateBroker();
    await broker.take("not JSON");
    const root = path.resolve(import.meta.dirname, "../../../..");
    const read = (file: string) => readFileSync(path.join(root, file), "utf8");
    for (const alarm of Object.keys(broker.counts)) {
      expect(read("infra/constructs/evidence-alarms.ts")).toContain(
        `reported("correlate", "${alarm}")`,
      );
      expect(read("docs/runbook.md")).toContain(`\n## ${alarm}\n`);
    }
  });
});
