import { describe, expect, it } from "vitest";
import { ACCOUNT, aPolicy, REGION } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { LookupThrottled } from "../../../../shared/ports/trail-lookup.ts";

const OTHER = "444455556666";
const FAR = "eu-west-1";
const clusterIn = (account: string, region = REGION) =>
  `arn:aws:eks:${region}:${account}:cluster/elsewhere`;
const LOOKUP_SECONDS = 1_200;
const DAY_SECONDS = 86_400;
const DENIED = new Error("AccessDeniedException");

/** A broker with a grant on its own cluster, and calls of ours on clusters elsewhere. */
async function brokerWith(...elsewhere: readonly string[]) {
  const { clusters, ...rest } = aPolicy();
  const listed = elsewhere.map((arn, at) => [`elsewhere-${at}`, { arn, retired: false }] as const);
  const policy = { ...rest, clusters: { ...clusters, ...Object.fromEntries(listed) } };
  const broker = correlateBroker({ policy });
  const grant = await broker.activeGrant();
  const near = await broker.waiting();
  const [some] = near;
  if (!some) throw new Error("A call was expected.");
  const far = elsewhere.map((clusterArn, at): RecordedCall => {
    const [, , , , account = ""] = clusterArn.split(":");
    const roleArn = some.roleArn.replace(ACCOUNT, account);
    return { ...some, clusterArn, roleArn, eksRequestId: `far-${at}`, requestIds: [`r-${at}`] };
  });
  for (const call of far) await broker.evidence.putCall(call);
  const typesOf = async (id: string) =>
    (await broker.evidence.evidenceOf(id)).map(({ type }) => type);
  return { broker, grant, near, far, typesOf };
}

/** The record of a call, as CloudTrail has it where the cluster is. */
function recordThere(call: RecordedCall): object {
  const [, , , awsRegion = "", account = ""] = call.clusterArn.split(":");
  const record = recordOf(call) as { readonly userIdentity: object };
  const text = JSON.stringify(record.userIdentity).replaceAll(ACCOUNT, account);
  return {
    ...record,
    awsRegion,
    recipientAccountId: account,
    userIdentity: JSON.parse(text),
  };
}

describe("Calls in other accounts and regions", () => {
  it.each([
    ["another account", clusterIn(OTHER)],
    ["another region of the broker's account", clusterIn(ACCOUNT, FAR)],
    ["another account and region", clusterIn(OTHER, FAR)],
  ])(
    "The event history of %s confirms a call whose event was lost on its way",
    async (_where, arn) => {
      const { broker, near, far, typesOf } = await brokerWith(arn);
      for (const call of near) await broker.deliver(recordOf(call));
      for (const call of far) broker.trail.add(recordThere(call));
      broker.clock.advance(LOOKUP_SECONDS);
      expect(await broker.lookUp()).toMatchObject({ missing: 0 });
      expect(await typesOf("r-0")).toEqual(["confirmed"]);
      const [, , , region, account] = arn.split(":");
      expect(broker.trail.lookups).toMatchObject([{ place: { account, region } }]);
      expect(await broker.waiting()).toEqual([]);
    },
  );

  it("A call that no history there has is missing after a day, and a finding", async () => {
    const { broker, far, typesOf } = await brokerWith(clusterIn(OTHER));
    const [call] = far;
    if (!call) throw new Error("A call was expected.");
    // The same record in the broker's own history says nothing of the other account.
    broker.trail.add({ ...recordThere(call), recipientAccountId: ACCOUNT });
    broker.clock.advance(DAY_SECONDS + LOOKUP_SECONDS);
    await broker.lookUp();
    expect(await typesOf("r-0")).toEqual(["missing"]);
    const chain = findingChain(call.clusterArn, call.at);
    expect(await broker.evidence.findingsIn(chain)).toMatchObject([
      { details: { code: "missing-event", eksRequestId: "far-0" } },
    ]);
  });
});

it("A call in an account that has left access.yaml is not looked up, and stays unconfirmed", async () => {
  const { broker, far, near, typesOf } = await brokerWith(clusterIn(OTHER));
  for (const call of near) await broker.deliver(recordOf(call));
  const gone = far.map((call) => ({
    ...call,
    clusterArn: clusterIn("999999999999"),
    eksRequestId: "gone",
    requestIds: ["gone"],
  }));
  for (const call of far) await broker.evidence.settleCall(call.eksRequestId);
  for (const call of gone) await broker.evidence.putCall(call);
  broker.clock.advance(LOOKUP_SECONDS);
  await broker.lookUp();
  expect(await broker.waiting()).toEqual([]);
  broker.clock.advance(DAY_SECONDS - LOOKUP_SECONDS);
  expect(await broker.waiting()).toEqual(gone);
  expect(await broker.lookUp()).toEqual({ missing: 0, correlated: [] });
  expect(broker.trail.lookups).toEqual([]);
  expect(await typesOf("gone")).toEqual([]);
  expect(await broker.waiting()).toEqual([]);
});

describe("An event history that cannot be read", () => {
  it("It keeps no other account waiting, is reported, and calls nothing there missing", async () => {
    const { broker, grant, near, typesOf } = await brokerWith(clusterIn(OTHER));
    for (const call of near) broker.trail.add(recordOf(call));
    broker.clock.advance(DAY_SECONDS + LOOKUP_SECONDS);
    broker.trail.fail(DENIED, `${OTHER}/${REGION}`);
    expect(await broker.lookUp()).toMatchObject({ missing: 0, error: DENIED });
    expect(await typesOf(grant.id)).toEqual(["confirmed", "confirmed"]);
    expect(await typesOf("r-0")).toEqual([]);
    expect(broker.logs).toContain("event history not read");
    broker.trail.fail(undefined);
    broker.clock.advance(LOOKUP_SECONDS);
    expect(await broker.lookUp()).toMatchObject({ missing: 1 });
  });

  it("Where it comes first, the broker's own is read in the same run", async () => {
    const { broker, grant, near, typesOf } = await brokerWith(clusterIn(OTHER));
    for (const call of near) broker.trail.add(recordOf(call));
    broker.clock.advance(LOOKUP_SECONDS);
    // The calls of the broker's own account wait behind the other one from now on.
    for (const { eksRequestId } of near)
      await broker.evidence.postponeCall(eksRequestId, broker.clock.now(), null);
    broker.clock.advance(LOOKUP_SECONDS);
    broker.trail.fail(DENIED, `${OTHER}/${REGION}`);
    expect(await broker.lookUp()).toMatchObject({ error: DENIED });
    expect(await typesOf(grant.id)).toEqual(["confirmed", "confirmed"]);
  });

  it("It is asked once a run, and its calls then wait behind those of other accounts", async () => {
    const { broker, far } = await brokerWith(clusterIn(OTHER));
    const [call] = far;
    if (!call) throw new Error("A call was expected.");
    for (let more = 1; more <= 60; more += 1)
      await broker.evidence.putCall({
        ...call,
        eksRequestId: `more-${more}`,
        sessionName: `timelatch-more-${more}`,
      });
    broker.clock.advance(LOOKUP_SECONDS + 1);
    const first = await broker.evidence.unconfirmed(broker.clock.now(), 50);
    const asked = { count: 0 };
    broker.trail.fail(DENIED, `${OTHER}/${REGION}`, () => {
      asked.count += 1;
    });
    await broker.lookUp();
    expect(asked.count).toBe(1);
    const idsOf = (waiting: typeof first) => waiting.map(({ call: one }) => one.eksRequestId);
    const next = await broker.evidence.unconfirmed(broker.clock.now(), 13);
    for (const id of idsOf(next)) expect(idsOf(first)).not.toContain(id);
  });

  it("A limit that is used up in one account leaves that of others", async () => {
    const { broker, grant, near, typesOf } = await brokerWith(clusterIn(OTHER));
    for (const call of near) broker.trail.add(recordOf(call));
    broker.clock.advance(LOOKUP_SECONDS);
    broker.trail.fail(new LookupThrottled(), `${OTHER}/${REGION}`);
    const report = await broker.lookUp();
    expect(report).not.toHaveProperty("error");
    expect(await typesOf(grant.id)).toEqual(["confirmed", "confirmed"]);
  });
});
