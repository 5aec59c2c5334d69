/** Events that come again when other facts are known: the first judgement stands. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import { grantSessionName } from "../../../../shared/domain/entries/session-name.ts";
import { findingChain } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { aFinding } from "../../domain/evidence/finding-drafts.ts";

const GRANTOR = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;

/** A grant that EKS refuses for a while, and a removal in its session. */
async function withRemoval() {
  const broker = correlateBroker();
  let isRefused = true;
  broker.faults.push(({ operation }) =>
    isRefused && operation === "AssociateAccessPolicy"
      ? { failure: "throttled", code: "ThrottlingException" }
      : undefined,
  );
  const grant = await broker.grant();
  await broker.converge();
  const removal = recordOf({
    eksRequestId: "of-nobody",
    operation: "DisassociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: EDIT,
    elements: [],
    roleArn: GRANTOR,
    sessionName: grantSessionName(grant.id),
    at: broker.clock.now(),
    result: "ok",
    requestIds: [],
  });
  broker.clock.advance(900);
  return {
    broker,
    grant,
    removal,
    begin: async () => {
      isRefused = false;
      await broker.converge();
      expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    },
    found: async () =>
      (await broker.evidence.findingsIn(findingChain(PROD.arn, broker.clock.now()))).length,
    explained: async () =>
      (await broker.evidence.evidenceOf(grant.id)).filter(({ type }) => type === "explained")
        .length,
  };
}

describe("An event that comes again", () => {
  it("An event that was explained does not become a finding once its grant is active", async () => {
    const { broker, removal, begin, found, explained } = await withRemoval();
    expect(await broker.deliver(removal)).toMatchObject({ outcome: "ours", why: "removal" });
    await begin();
    expect(await broker.deliver(removal)).toEqual({ outcome: "judged" });
    expect(await broker.take(removal)).toEqual([]);
    expect([await explained(), await found()]).toEqual([1, 0]);
    expect(broker.counts["EvidenceFindings"] ?? 0).toBe(0);
    expect(broker.logs).not.toContain("finding");
  });

  it("An event that is explained in the same way again says so, and adds nothing", async () => {
    const { broker, removal, found, explained } = await withRemoval();
    for (const _time of [1, 2])
      expect(await broker.deliver(removal)).toMatchObject({ outcome: "ours", why: "removal" });
    expect([await explained(), await found()]).toEqual([1, 0]);
  });

  it("A finding stays one when its event could be explained", async () => {
    const { broker, removal, explained, found } = await withRemoval();
    const chain = findingChain(PROD.arn, broker.clock.now());
    await broker.evidence.appendFinding({ ...aFinding("event-of-nobody"), chain });
    expect(await broker.deliver(removal)).toEqual({ outcome: "judged" });
    expect([await explained(), await found()]).toEqual([0, 1]);
  });

  it("A finding that comes again is counted and logged again", async () => {
    const { broker, removal, begin, found } = await withRemoval();
    await begin();
    for (const _time of [1, 2])
      expect(await broker.deliver(removal)).toMatchObject({ outcome: "finding" });
    expect(await found()).toBe(1);
    expect(broker.logs.filter((line) => line === "finding")).toHaveLength(2);
  });
});
