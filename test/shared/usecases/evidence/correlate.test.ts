import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, aPolicy, PROD } from "../../../../lab/fakes/builders.ts";
import {
  correlateBroker,
  FUSE_ROLE,
  identity,
  recordOf,
} from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import type { CallIntent } from "../../../../shared/domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const MALLORY = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;

type Broker = ReturnType<typeof correlateBroker>;

const findings = ({ evidence, clock }: Broker) =>
  evidence.findingsIn(findingChain(PROD.arn, clock.now()));

/** A call that somebody makes on Alice's entry now. */
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

describe("Calls of the broker", () => {
  it("CloudTrail's event confirms a call, and the call waits no longer", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [first, second] = await broker.waiting();
    if (!first || !second) throw new Error("Two calls were expected.");
    expect(await broker.deliver(recordOf(first))).toMatchObject({ outcome: "confirmed" });
    expect(await broker.evidence.evidenceOf(grant.id)).toMatchObject([
      {
        type: "confirmed",
        details: {
          eksRequestId: first.eksRequestId,
          eventId: `event-${first.eksRequestId}`,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      },
    ]);
    expect(await broker.waiting()).toEqual([second]);
  });

  it("The same event twice, and a corrected one, add nothing", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const [call] = await broker.waiting();
    if (!call) throw new Error("A call was expected.");
    await broker.deliver(recordOf(call));
    await broker.deliver(recordOf(call));
    const addendum = { reason: "UPDATED_DATA", originalEventID: `event-${call.eksRequestId}` };
    await broker.deliver(recordOf(call, { eventID: "corrected", addendum }));
    expect(await broker.evidence.evidenceOf(grant.id)).toHaveLength(1);
    expect(await findings(broker)).toEqual([]);
  });

  it("An event with a call's request id and another scope is a finding", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const call = (await broker.waiting())[1];
    if (!call) throw new Error("A call was expected.");
    await broker.deliver(recordOf({ ...call, elements: ["ns/kube-system"] }));
    expect(await findings(broker)).toMatchObject([
      {
        details: {
          code: "forged-request-id",
          differs: ["elements"],
          requestIds: [grant.id],
        },
      },
    ]);
    expect(await broker.waiting()).toHaveLength(2);
  });

  it("A call whose record was lost waits ten minutes, and its intent explains it", async () => {
    const broker = correlateBroker();
    const stop = broker.breakPort("evidence.putCall", new Error("down"));
    const grant = await broker.activeGrant();
    stop();
    const at = broker.clock.now();
    const call = aCallBy(broker, {
      elements: ["ns/payments-api"],
      roleArn: GRANTOR,
      sessionName: `timelatch-${grant.id}`,
    });
    const until = plusSeconds(`${at.slice(0, 19)}.000Z`, 600);
    expect(await broker.deliver(recordOf(call))).toEqual({ outcome: "wait", until });
    broker.clock.advance(600);
    expect(await broker.deliver(recordOf(call))).toMatchObject({ outcome: "ours", why: "intent" });
    expect(await broker.evidence.evidenceOf(grant.id)).toMatchObject([
      { type: "explained", details: { why: "intent" } },
    ]);
  });

  it("A removal whose record was lost is explained by the end of its grant", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    broker.breakPort("evidence.putCall", new Error("down"));
    await broker.end(grant, "return");
    await broker.converge();
    const call = aCallBy(broker, {
      operation: "DeleteAccessEntry",
      target: null,
      elements: [],
      roleArn: GRANTOR,
      sessionName: `timelatch-${grant.id}`,
    });
    await broker.settle(700);
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await broker.deliver(recordOf(call))).toMatchObject({ outcome: "ours", why: "removal" });
  });

  it("The grantor role in a running grant's session is a finding when it removes access", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const call = aCallBy(broker, {
      operation: "DisassociateAccessPolicy",
      elements: [],
      roleArn: GRANTOR,
      sessionName: `timelatch-${grant.id}`,
    });
    broker.clock.advance(600);
    await broker.deliver(recordOf(call));
    expect(await findings(broker)).toMatchObject([{ details: { code: "grantor-outside-call" } }]);
  });

  it("A fuse of a grant that never had access is explained", async () => {
    const broker = correlateBroker();
    const adds = ([intent]: readonly unknown[]) => (intent as CallIntent).calls.length > 0;
    broker.breakPort("evidence.putIntent", new Error("down"), adds);
    const grant = await broker.grant();
    await expect(broker.converge()).rejects.toThrow("down");
    expect(broker.calls).toContain("schedules.armFuse");
    const at = plusSeconds(grant.expiresAt ?? "", 300);
    broker.clock.set(plusSeconds(at, 700));
    const operation = "DisassociateAccessPolicy" as const;
    const fuse = { roleArn: FUSE_ROLE, sessionName: "scheduler", elements: [], operation, at };
    const event = recordOf(aCallBy(broker, { ...fuse, eksRequestId: "fuse" }));
    expect(await broker.deliver(event)).toMatchObject({ outcome: "ours", why: "fuse" });
  });

  it.each([
    ["the broker's own account", undefined],
    ["another account", "999999999999"],
  ])(
    "A fuse in %s that fires after the end of a grant is explained, and no earlier one",
    async (_whose, account) => {
      const broker = correlateBroker({}, account);
      const grant = await broker.activeGrant();
      const fires = plusSeconds(grant.expiresAt ?? "", 300);
      const fuse = { roleArn: FUSE_ROLE, sessionName: "scheduler", elements: [] };
      const operation = "DisassociateAccessPolicy";
      const early = aCallBy(broker, { ...fuse, operation, eksRequestId: "early" });
      const late = aCallBy(broker, { ...fuse, operation, eksRequestId: "late", at: fires });
      broker.clock.set(plusSeconds(fires, 700));
      expect(await broker.deliver(recordOf(late))).toMatchObject({ outcome: "ours", why: "fuse" });
      expect(await broker.deliver(recordOf(early))).toMatchObject({
        finding: { code: "fuse-outside-schedule" },
      });
    },
  );

  it("A late event is explained by the grants before it, however many came after", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    const at = plusSeconds(grant.expiresAt ?? "", 300);
    for (let later = 1; later <= 250; later += 1)
      await broker.evidence.putIntent({
        sessionName: `timelatch-${later}`,
        clusterArn: PROD.arn,
        principalArn: ALICE,
        calls: [],
        fusesOf: [`later-${later}`],
        owners: {},
        from: plusSeconds(at, 60 + later),
        until: plusSeconds(at, 400 + later),
      });
    broker.clock.set(plusSeconds(at, 700));
    const operation = "DisassociateAccessPolicy" as const;
    const fuse = { roleArn: FUSE_ROLE, sessionName: "scheduler", elements: [], operation, at };
    const event = recordOf(aCallBy(broker, { ...fuse, eksRequestId: "fuse" }));
    expect(await broker.deliver(event)).toMatchObject({ outcome: "ours", why: "fuse" });
  });
});

describe("Changes by others", () => {
  it("A change by somebody else is a finding after a minute, and stands on the grant of that entry", async () => {
    const broker = correlateBroker();
    const grant = await broker.activeGrant();
    broker.clock.advance(5);
    const record = recordOf(aCallBy(broker));
    broker.clock.advance(66);
    expect(await broker.deliver(record)).toMatchObject({ outcome: "finding" });
    await broker.deliver(record);
    expect(await findings(broker)).toMatchObject([
      { details: { code: "outside-change", requestIds: [grant.id] } },
    ]);
    expect(broker.logs).toContain("finding");
  });

  it("A change by an expected principal is listed, and is no finding", async () => {
    const expected = [{ principal: MALLORY, reason: "deploys clusters" }];
    const broker = correlateBroker({ policy: { ...aPolicy(), expected } });
    expect(await broker.deliver(recordOf(aCallBy(broker)))).toMatchObject({ outcome: "expected" });
    expect(await findings(broker)).toMatchObject([
      { type: "expected", details: { principal: MALLORY, reason: "deploys clusters" } },
    ]);
  });

  it("A change by others on a cluster that is not in access.yaml is dropped", async () => {
    const broker = correlateBroker();
    const clusterArn = PROD.arn.replace("/prod", "/other");
    const dropped = await broker.deliver(recordOf(aCallBy(broker, { clusterArn })));
    expect(dropped).toEqual({ outcome: "dropped" });
    expect(await broker.evidence.findingsIn(findingChain(clusterArn, broker.clock.now()))).toEqual(
      [],
    );
  });

  it("The grantor role on a cluster that is not in access.yaml is a finding", async () => {
    const broker = correlateBroker();
    const clusterArn = PROD.arn.replace("/prod", "/other");
    const call = aCallBy(broker, { clusterArn, roleArn: GRANTOR });
    broker.clock.advance(600);
    await broker.deliver(recordOf(call));
    const chain = findingChain(clusterArn, broker.clock.now());
    expect(await broker.evidence.findingsIn(chain)).toHaveLength(1);
  });

  it("A message that is no event of CloudTrail is dropped, and one that may hide a change is reported", async () => {
    const broker = correlateBroker();
    expect(await broker.deliverText("not JSON")).toEqual({ outcome: "unreadable" });
    expect(await broker.deliverText("{}")).toEqual({ outcome: "dropped" });
    const userIdentity = identity(MALLORY, "mallory");
    const other = recordOf(aCallBy(broker), { recipientAccountId: "999999999999", userIdentity });
    expect(await broker.deliver(other)).toEqual({ outcome: "dropped" });
    expect(broker.logs).toEqual(["event dropped", "event dropped", "event dropped"]);
  });
});
