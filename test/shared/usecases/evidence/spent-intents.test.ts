import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { LANDS_LATE } from "../../../../lab/fakes/faults.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;
const MALLORY = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;

type Broker = ReturnType<typeof correlateBroker>;

const findings = ({ evidence, clock }: Broker) =>
  evidence.findingsIn(findingChain(PROD.arn, clock.now()));

/** The grant's own addition, made by somebody with a session of the grantor role. */
const theAddition = (
  broker: Broker,
  grantId: string,
  changes: Partial<RecordedCall> = {},
): RecordedCall => ({
  eksRequestId: "9f1c2d3e-0000-4000-8000-0000000000aa",
  operation: "AssociateAccessPolicy",
  clusterArn: PROD.arn,
  principalArn: ALICE,
  target: EDIT,
  elements: ["ns/payments-api"],
  roleArn: GRANTOR,
  sessionName: `timelatch-${grantId}`,
  at: broker.clock.now(),
  result: "ok",
  requestIds: [],
  ...changes,
});

/** Delivers a call when nothing may still be on its way to explain it. */
async function delivered(broker: Broker, call: RecordedCall) {
  broker.clock.set(plusSeconds(call.at, 700));
  return await broker.deliver(recordOf(call));
}

/** A grant that has ended. Its calls are on no record, so its intents are not used up. */
async function anEndedGrant(broker: Broker) {
  broker.breakPort("evidence.putCall", new Error("down"));
  const grant = await broker.activeGrant();
  await broker.end(grant, "return");
  await broker.converge();
  await broker.settle(120);
  const ended = await broker.reload(grant);
  expect(ended.state).toBe("ended");
  return ended;
}

/** The latest intent that names calls. */
async function theIntent({ evidence, binding, clock }: Broker) {
  const intents = await evidence.intents(binding, plusSeconds(clock.now(), 60), 10);
  const intent = intents.find(({ calls }) => calls.length > 0);
  if (!intent) throw new Error("An intent was expected.");
  return intent;
}

describe("What an intent explains", () => {
  it("Access that is given again in the second of its proven end is a finding", async () => {
    const broker = correlateBroker();
    const grant = await anEndedGrant(broker);
    const again = theAddition(broker, grant.id, { at: grant.endedAt ?? "" });
    expect(await delivered(broker, again)).toMatchObject({
      finding: { code: "grantor-outside-call", after: ["ns/payments-api"] },
    });
    expect(await findings(broker)).toHaveLength(1);
    expect(await broker.evidence.evidenceOf(grant.id)).toEqual([]);
  });

  it("A bare entry that lands after the end of its grant is ours, and only once", async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    broker.failNext("CreateAccessEntry", LANDS_LATE);
    const grant = await broker.grant();
    await broker.converge();
    await broker.end(grant, "revoke", "carol");
    await broker.converge();
    const { endedAt } = await broker.reload(grant);
    expect(endedAt).not.toBeNull();
    const late = theAddition(broker, grant.id, {
      operation: "CreateAccessEntry",
      target: null,
      elements: [],
      at: plusSeconds(endedAt ?? "", 120),
    });
    expect(await delivered(broker, late)).toMatchObject({ outcome: "ours", why: "intent" });
    const other = { ...late, eksRequestId: "9f1c2d3e-0000-4000-8000-0000000000bb" };
    expect(await delivered(broker, other)).toMatchObject({ outcome: "finding" });
  });

  it("Access that is given again in the binding's session after an end is a finding", async () => {
    const broker = correlateBroker();
    const grant = await anEndedGrant(broker);
    const intent = await theIntent(broker);
    const again = theAddition(broker, grant.id, { at: grant.endedAt ?? "" });
    await broker.evidence.putIntent({ ...intent, sessionName: "timelatch-of-the-binding" });
    expect(
      await delivered(broker, { ...again, sessionName: "timelatch-of-the-binding" }),
    ).toMatchObject({ finding: { code: "grantor-outside-call" } });
  });

  it("A call that has its record leaves nothing of its intent for another call", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [, made] = await broker.waiting();
    if (!made) throw new Error("Two calls were expected.");
    const again = theAddition(broker, grant.id, { ...made, eksRequestId: "again" });
    expect(await delivered(broker, again)).toMatchObject({
      finding: { code: "grantor-outside-call" },
    });
  });

  it("An intent explains one call whose record was lost, and not a second one", async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    const lost = theAddition(broker, grant.id);
    expect(await delivered(broker, lost)).toMatchObject({ outcome: "ours", why: "intent" });
    expect(await delivered(broker, lost)).toMatchObject({ outcome: "ours", why: "intent" });
    const again = { ...lost, eksRequestId: "again" };
    expect(await delivered(broker, again)).toMatchObject({
      finding: { code: "grantor-outside-call" },
    });
  });

  it("Two runs that intended the same call explain two calls", async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    const intent = await theIntent(broker);
    await broker.evidence.putIntent({ ...intent, from: plusSeconds(intent.from, 1) });
    const lost = theAddition(broker, grant.id);
    expect(await delivered(broker, lost)).toMatchObject({ outcome: "ours" });
    expect(await delivered(broker, { ...lost, eksRequestId: "second" })).toMatchObject({
      outcome: "ours",
    });
    expect(await delivered(broker, { ...lost, eksRequestId: "third" })).toMatchObject({
      outcome: "finding",
    });
  });
});

describe("Calls of two runs, the later one explained first", () => {
  it("A later run's call uses its own intent up, and not that of the run before it", async () => {
    const broker = correlateBroker();
    broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    const lost = theAddition(broker, grant.id);
    const intent = await theIntent(broker);
    await broker.evidence.putIntent({ ...intent, from: plusSeconds(intent.from, 60) });
    const later = { ...lost, eksRequestId: "later", at: plusSeconds(lost.at, 61) };
    expect(await delivered(broker, later)).toMatchObject({ outcome: "ours" });
    expect(await broker.deliver(recordOf(lost))).toMatchObject({ outcome: "ours" });
  });
});

describe("Whose calls a record confirms", () => {
  it.each([
    ["somebody else's role", MALLORY],
    ["the grantor role of another deployment", GRANTOR.replace("timelatch-", "beta-")],
  ])("A stored call of %s confirms nobody's change", async (_whose, roleArn) => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const forged = theAddition(broker, grant.id, {
      roleArn,
      elements: ["ns/kube-system"],
      requestIds: [grant.id],
    });
    await broker.evidence.putCall(forged);
    expect(await delivered(broker, forged)).toMatchObject({ finding: { code: "outside-change" } });
    expect(await findings(broker)).toMatchObject([{ details: { requestIds: [grant.id] } }]);
    expect(await broker.evidence.evidenceOf(grant.id)).toEqual([]);
  });
});
