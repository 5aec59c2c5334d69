/** Grants whose record was given a later end than was approved: what happens at the approved one is ours. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, FUSE_ROLE, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { EDIT } from "../../../../lab/fakes/memory-broker.ts";
import { grantSessionName } from "../../../../shared/domain/entries/session-name.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const HOUR = 3_600;

/** An active grant, and the ends that were approved. Its record then says an hour more. */
async function prolonged() {
  const broker = correlateBroker();
  const grant = await broker.activeGrant();
  const { revokeAt, expiresAt } = grant;
  if (revokeAt === null || expiresAt === null) throw new Error("The grant has no end.");
  broker.tables.requests.set(grant.id, {
    ...grant,
    revokeAt: plusSeconds(revokeAt, HOUR),
    expiresAt: plusSeconds(expiresAt, HOUR),
  });
  return { broker, grant, revokeAt, expiresAt };
}

/** CloudTrail's record of a removal of the grant's access. */
const aRemoval = (by: Pick<RecordedCall, "roleArn" | "sessionName" | "at">): object =>
  recordOf({
    eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
    operation: "DisassociateAccessPolicy",
    clusterArn: PROD.arn,
    principalArn: ALICE,
    target: EDIT,
    elements: [],
    result: "ok",
    requestIds: [],
    ...by,
  });

const byFuse = (at: string) => aRemoval({ roleArn: FUSE_ROLE, sessionName: "scheduler", at });

describe("A grant whose record says a later end than was approved", () => {
  it.each([
    ["approved", 0],
    ["recorded", HOUR],
  ])("The fuse of its %s end is explained", async (_end, later) => {
    const { broker, expiresAt } = await prolonged();
    const at = plusSeconds(expiresAt, later + 300);
    broker.clock.set(plusSeconds(at, 900));
    expect(await broker.deliver(byFuse(at))).toMatchObject({ outcome: "ours", why: "fuse" });
  });

  it("A fuse before its approved end stays a finding", async () => {
    const { broker, expiresAt } = await prolonged();
    const at = plusSeconds(expiresAt, 200);
    broker.clock.set(plusSeconds(at, 900));
    expect(await broker.deliver(byFuse(at))).toMatchObject({
      finding: { code: "fuse-outside-schedule" },
    });
  });

  it.each([
    ["at", 0, { outcome: "ours", why: "removal" }],
    ["before", -60, { finding: { code: "grantor-outside-call" } }],
  ])(
    "A removal %s its approved end, whose record was lost, is judged by that end",
    async (_when, later, expected) => {
      const { broker, grant, revokeAt } = await prolonged();
      const at = plusSeconds(revokeAt, later);
      broker.clock.set(plusSeconds(at, 900));
      const roleArn = `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`;
      const removal = aRemoval({ roleArn, sessionName: grantSessionName(grant.id), at });
      expect(await broker.deliver(removal)).toMatchObject(expected);
    },
  );
});
