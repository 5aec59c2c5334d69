/** Access that others add to an entry which the broker deletes before a read can show it. */
import { setTimeout } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, aPolicy, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, FUSE_ROLE, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT, VIEW } from "../../../../lab/fakes/memory-broker.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

type Broker = ReturnType<typeof correlateBroker>;

const PIPELINE = `arn:aws:iam::${ACCOUNT}:role/people/mallory`;
const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;
const EXPECTED = [{ principal: PIPELINE, reason: "deploys clusters" }];

/** CloudTrail's record of what others add to Alice's entry now. */
const anAddition = (broker: Broker, changes: Partial<RecordedCall> = {}): object =>
  recordOf({
    eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
    operation: "AssociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: VIEW,
    elements: ["ns/reports"],
    roleArn: PIPELINE,
    sessionName: "deploy-4711",
    at: broker.clock.now(),
    result: "ok",
    requestIds: [],
    ...changes,
  });

const expecting = () => correlateBroker({ policy: { ...aPolicy(), expected: EXPECTED } });

/** The grant is returned, and converge deletes the entry. */
async function deletedFor(broker: Broker, grant: AccessRequest): Promise<void> {
  await broker.end(grant, "return");
  await broker.converge();
  expect(broker.operations()).toContain("DeleteAccessEntry");
}

/** Others add access to an entry, which the broker deletes half a minute later. */
async function takenAddition() {
  const broker = expecting();
  const grant = await broker.activeGrant();
  broker.clock.advance(60);
  const addition = anAddition(broker);
  broker.clock.advance(30);
  await deletedFor(broker, grant);
  return { broker, grant, addition };
}

const takenFor = ({ id }: AccessRequest) => ({
  outcome: "finding",
  finding: { code: "taken-with-entry", taken: { requestIds: [id] } },
});

describe("Access that others add just before the broker deletes the entry", () => {
  it("The addition of an expected principal is a finding that names the deletion and its grant", async () => {
    const { broker, grant, addition } = await takenAddition();
    const [deletion] = (await broker.waiting()).filter(
      ({ operation }) => operation === "DeleteAccessEntry",
    );
    broker.clock.advance(240);
    expect(await broker.deliver(addition)).toMatchObject({
      outcome: "finding",
      finding: {
        code: "taken-with-entry",
        target: VIEW,
        after: ["ns/reports"],
        taken: {
          eksRequestId: deletion?.eksRequestId,
          sessionName: deletion?.sessionName,
          at: deletion?.at,
          requestIds: [grant.id],
        },
      },
    });
    expect(await broker.deliver(addition)).toMatchObject(takenFor(grant));
    expect(broker.logs).toContain("finding");
  });

  it("An event that overtakes the deletion waits for it, and says until when", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker);
    const until = plusSeconds(broker.clock.now(), 66);
    expect(await broker.deliver(addition)).toEqual({ outcome: "wait", until });
    broker.clock.advance(30);
    await deletedFor(broker, grant);
    expect(await broker.deliver(addition)).toMatchObject(takenFor(grant));
  });

  it("Beside a running grant the event waits for a minute, and is what it was before", async () => {
    const broker = expecting();
    await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker);
    broker.clock.advance(65);
    expect(await broker.deliver(addition)).toMatchObject({ outcome: "wait" });
    broker.clock.advance(1);
    expect(await broker.deliver(addition)).toMatchObject({ outcome: "expected" });
  });

  it("An end whose deletion is not on record keeps the event waiting, for ten minutes more", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker);
    const until = plusSeconds(broker.clock.now(), 666);
    await broker.end(grant, "return");
    broker.clock.advance(120);
    expect(await broker.deliver(addition)).toEqual({ outcome: "wait", until });
    broker.clock.set(until);
    expect(await broker.deliver(addition)).toMatchObject({ outcome: "expected" });
  });

  it("A deletion that only CloudTrail shows is found once it is explained", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker);
    await broker.end(grant, "return");
    const at = plusSeconds(broker.clock.now(), 20);
    const lost = { operation: "DeleteAccessEntry", target: null, elements: [], at } as const;
    const session = { roleArn: GRANTOR, sessionName: `timelatch-${grant.id}` };
    const deletion = anAddition(broker, { ...lost, ...session, eksRequestId: "lost" });
    broker.clock.advance(640);
    expect(await broker.deliver(deletion)).toMatchObject({ outcome: "ours", why: "removal" });
    expect(await broker.deliver(addition)).toMatchObject({
      finding: { code: "taken-with-entry", taken: { eksRequestId: "lost", at } },
    });
  });

  it("A read that fails while others go on fails the event, and not the process", async () => {
    const { broker, addition } = await takenAddition();
    broker.clock.advance(240);
    const { call } = broker.evidence;
    broker.evidence.call = async (id) => {
      await setTimeout(5);
      return call(id);
    };
    broker.evidence.evidenceOf = async () => {
      throw new Error("The table does not answer.");
    };
    await expect(broker.deliver(addition)).rejects.toThrow("The table does not answer.");
  });

  it.each([5, 35])("The finding stands on a grant that began %i s after it", async (seconds) => {
    const broker = expecting();
    const addition = anAddition(broker);
    broker.clock.advance(seconds);
    const grant = await broker.activeGrant();
    broker.clock.advance(20);
    await deletedFor(broker, grant);
    expect(await broker.deliver(addition)).toMatchObject(takenFor(grant));
    const [found] = await broker.evidence.findingsIn(findingChain(PROD.arn, broker.clock.now()));
    expect(found?.details).toMatchObject({ requestIds: [grant.id] });
  });

  it("The fuse for groups deletes the entry too", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant({
      cluster: "staging",
      access: { groups: ["eks-admins"] },
    });
    const clusterArn = STAGING.arn;
    broker.clock.set(plusSeconds(grant.expiresAt ?? "", 280));
    const addition = anAddition(broker, { clusterArn });
    const at = plusSeconds(grant.expiresAt ?? "", 300);
    const fuse = {
      clusterArn,
      operation: "DeleteAccessEntry",
      target: null,
      elements: [],
      at,
    } as const;
    const session = { roleArn: FUSE_ROLE, sessionName: "scheduler" };
    const fired = anAddition(broker, { ...fuse, ...session, eksRequestId: "fuse" });
    broker.clock.advance(640);
    expect(await broker.deliver(fired)).toMatchObject({ outcome: "ours", why: "fuse" });
    expect(await broker.deliver(addition)).toMatchObject(takenFor(grant));
  });
});

describe("Access that the deletion did not take unseen", () => {
  it("A deletion that AWS refuses takes nothing, whether a history or CloudTrail has it", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker);
    const refused = { failure: "refused", code: "AccessDeniedException" } as const;
    broker.failNext("DeleteAccessEntry", refused, 9);
    await deletedFor(broker, grant);
    const lost = { operation: "DeleteAccessEntry", target: null, elements: [] } as const;
    const session = { roleArn: GRANTOR, sessionName: `timelatch-${grant.id}` };
    const deletion = anAddition(broker, { ...lost, ...session, eksRequestId: "lost" });
    broker.clock.advance(666);
    const failed = { ...deletion, errorCode: "AccessDenied" };
    expect(await broker.deliver(failed)).toMatchObject({ outcome: "ours", why: "removal" });
    expect(await broker.deliver(addition)).toMatchObject({ outcome: "expected" });
  });

  it("An addition longer ago than a read may be behind is no such finding", async () => {
    const broker = expecting();
    const grant = await broker.activeGrant();
    broker.clock.advance(60);
    const addition = anAddition(broker, { target: EDIT, elements: ["ns/payments-api"] });
    broker.clock.advance(67);
    await deletedFor(broker, grant);
    broker.clock.advance(900);
    expect(await broker.deliver(addition)).toMatchObject({ outcome: "expected" });
  });

  it("A removal by somebody, and a failure, is judged at once", async () => {
    const broker = expecting();
    await broker.activeGrant();
    const takes = { operation: "DisassociateAccessPolicy", elements: [] } as const;
    expect(await broker.deliver(anAddition(broker, takes))).toMatchObject({ outcome: "expected" });
    const failed = { ...anAddition(broker, { eksRequestId: "x" }), errorCode: "AccessDenied" };
    expect(await broker.deliver(failed)).toMatchObject({ outcome: "unchanged" });
  });

  it("On an entry where no grant is, an addition is judged at once", async () => {
    const broker = expecting();
    expect(await broker.deliver(anAddition(broker))).toMatchObject({ outcome: "expected" });
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    await broker.converge();
    await broker.settle(400);
    const later = anAddition(broker, { eksRequestId: "later" });
    expect(await broker.deliver(later)).toMatchObject({ outcome: "expected" });
  });
});
