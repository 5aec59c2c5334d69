import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EvidenceSchema } from "../../../../shared/http/contract/evidence-schema.ts";
import { readEvidence } from "../../../../shared/usecases/evidence/read-evidence.ts";
import { aCall } from "../../domain/evidence/samples.ts";

/** The answer came after the run that removed the access had recorded the end. */
const LATE_CALL = aCall({
  eksRequestId: "late",
  operation: "DisassociateAccessPolicy",
  elements: [],
});

const read = (broker: ReturnType<typeof correlateBroker>, id: string, by = "carol") =>
  readEvidence(
    { ...broker.ports, ...broker.front, evidence: broker.evidence },
    broker.actor(by),
    id,
  );

describe("The evidence of a request", () => {
  it("An auditor reads which calls CloudTrail confirms, and which it does not yet", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [first, second] = await broker.waiting();
    if (!first || !second) throw new Error("Two calls were expected.");
    await broker.deliver(recordOf(first));
    const { calls, records, findings } = await read(broker, grant.id);
    expect(calls.map(({ requestId, state }) => [requestId, state])).toEqual([
      [first.eksRequestId, "confirmed"],
      [second.eksRequestId, "unconfirmed"],
    ]);
    expect(records).toMatchObject([{ type: "confirmed" }]);
    expect(findings).toEqual([]);
    broker.clock.advance(86_400);
    await broker.lookUp();
    const later = await read(broker, grant.id);
    expect(later.calls.map(({ state }) => state)).toEqual(["confirmed", "missing"]);
    expect(EvidenceSchema.safeParse(JSON.parse(JSON.stringify(later))).error).toBeUndefined();
    expect(later.findings).toMatchObject([{ details: { code: "missing-event" } }]);
  });

  it("A call that EKS answered after its grant was over is listed once, with its state", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [served] = await broker.waiting();
    if (!served) throw new Error("A call was expected.");
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect((await broker.ports.requests.load(grant.id)).state).toBe("ended");
    const before = (await read(broker, grant.id)).calls.map(({ requestId }) => requestId);
    const late = { ...LATE_CALL, requestIds: [grant.id], at: broker.clock.now() };
    await broker.evidence.putCall(late);
    const { calls } = await read(broker, grant.id);
    expect(calls.map(({ requestId }) => requestId)).toEqual([...before, late.eksRequestId]);
    expect(calls.at(-1)).toEqual({
      operation: "DisassociateAccessPolicy",
      requestId: late.eksRequestId,
      sessionName: late.sessionName,
      at: late.at,
      result: "ok",
      state: "unconfirmed",
    });
  });

  it("A change around a grant is among its findings, also in the month after it began", async () => {
    const broker = correlateBroker();
    broker.clock.set("2026-12-31T23:50:00.000Z");
    const grant = await broker.activeGrant();
    const [, call] = await broker.waiting();
    if (!call) throw new Error("A call was expected.");
    broker.clock.set("2027-01-01T00:10:00.000Z");
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
    const at = broker.clock.now();
    broker.clock.advance(66);
    await broker.deliver(recordOf({ ...call, eksRequestId: "other", roleArn, at }));
    const { findings } = await read(broker, grant.id);
    expect(findings).toMatchObject([{ details: { code: "outside-change" } }]);
  });

  it("Only an auditor reads evidence, not even the requester", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    await expect(read(broker, grant.id, "alice")).rejects.toMatchObject({ code: "forbidden" });
  });
});
