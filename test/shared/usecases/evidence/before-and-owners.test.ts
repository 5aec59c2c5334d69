import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT, edit, VIEW } from "../../../../lab/fakes/memory-broker.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";

type Broker = ReturnType<typeof correlateBroker>;

const MALLORY = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;

/** A call on Alice's entry now. */
const aCallBy = (broker: Broker, changes: Partial<RecordedCall> = {}): RecordedCall => ({
  eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
  operation: "AssociateAccessPolicy",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  target: EDIT,
  elements: ["ns/kube-system"],
  roleArn: MALLORY,
  sessionName: "mallory@example.com",
  at: broker.clock.now(),
  result: "ok",
  requestIds: [],
  ...changes,
});

/** Somebody changes Alice's entry, and CloudTrail shows it a minute later. @returns elements before and after, as found */
async function changeBy(broker: Broker, id: string, changes: Partial<RecordedCall> = {}) {
  broker.clock.advance(1);
  const record = recordOf(aCallBy(broker, { eksRequestId: id, ...changes }));
  broker.clock.advance(66);
  await broker.deliver(record);
  const chain = findingChain(PROD.arn, broker.clock.now());
  const found = (await broker.evidence.findingsIn(chain)).at(-1)?.details;
  return found && "before" in found ? [found.before, found.after] : found;
}

describe("The words of a finding about the target before", () => {
  it("Before a change by somebody else was what our latest call left there", async () => {
    const broker = correlateBroker();
    await broker.activeGrant();
    expect(await changeBy(broker, "one")).toEqual([["ns/payments-api"], ["ns/kube-system"]]);
  });

  it("Before a second change was what the first left, whoever was expected to make it", async () => {
    const broker = correlateBroker();
    await broker.activeGrant();
    await changeBy(broker, "one");
    expect(await changeBy(broker, "two", { elements: ["ns/b"] })).toEqual([
      ["ns/kube-system"],
      ["ns/b"],
    ]);
  });

  it("After our call, a change from before it counts no more", async () => {
    const broker = correlateBroker();
    await broker.activeGrant();
    await changeBy(broker, "one", { target: VIEW });
    broker.clock.advance(60);
    await broker.activeGrant({ access: edit("payments-web") });
    expect(await changeBy(broker, "two")).toEqual([
      ["ns/payments-api", "ns/payments-web"],
      ["ns/kube-system"],
    ]);
  });

  it("A failed change leaves what was there", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const call = aCallBy(broker, { roleArn: GRANTOR, sessionName: `timelatch-${grant.id}` });
    broker.clock.advance(900);
    const record = recordOf({ ...call, at: broker.clock.now() }, { errorCode: "AccessDenied" });
    broker.clock.advance(900);
    expect(await broker.deliver(record)).toMatchObject({
      finding: { before: ["ns/payments-api"], after: ["ns/payments-api"] },
    });
  });

  it("Nobody knows what was on a target that no call of ours touched", async () => {
    const broker = correlateBroker();
    broker.othersHad({ [VIEW]: ["cluster"] });
    await broker.activeGrant();
    expect(await changeBy(broker, "one", { target: VIEW })).toEqual([null, ["ns/kube-system"]]);
  });

  it("Among more changes by others than are read, nobody knows what an older call left", async () => {
    const broker = correlateBroker();
    await broker.activeGrant();
    for (let n = 0; n < 50; n += 1) await changeBy(broker, `flood-${n}`, { target: VIEW });
    expect(await changeBy(broker, "last")).toEqual([null, ["ns/kube-system"]]);
  });
});

describe("The owner's access on an entry", () => {
  const narrowing = (broker: Broker, id: string, elements: readonly string[]) =>
    recordOf(
      aCallBy(broker, {
        elements,
        roleArn: GRANTOR,
        sessionName: `timelatch-${id}`,
        at: broker.clock.now(),
      }),
    );

  /** A grant beside the owner's access, which ends while the table takes no calls. */
  async function endedBesideOwner() {
    const broker = correlateBroker();
    broker.othersHad({ [EDIT]: ["ns/reports"] });
    const grant = await broker.activeGrant();
    broker.breakPort("evidence.putCall", new Error("down"));
    await broker.end(grant, "return");
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["reports"]);
    return { broker, grant };
  }

  it("A narrowing that leaves the owner's access is explained, though its record was lost", async () => {
    const { broker, grant } = await endedBesideOwner();
    const record = narrowing(broker, grant.id, ["ns/reports"]);
    broker.clock.advance(900);
    expect(await broker.deliver(record)).toMatchObject({ outcome: "ours", why: "removal" });
  });

  it("A narrowing that leaves more than the owner has is a finding", async () => {
    const { broker, grant } = await endedBesideOwner();
    const record = narrowing(broker, grant.id, ["ns/kube-system", "ns/reports"]);
    broker.clock.advance(900);
    expect(await broker.deliver(record)).toMatchObject({
      outcome: "finding",
      finding: { code: "grantor-outside-call" },
    });
  });
});
