/** Removals of what a call set again for the entry's owner, whose own record was lost. */
import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { correlateBroker, recordOf } from "../../../../lab/fakes/correlate-broker.ts";
import { APPLIED_UNANSWERED } from "../../../../lab/fakes/faults.ts";
import { EDIT, VIEW } from "../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import {
  bindingSessionName,
  grantSessionName,
} from "../../../../shared/domain/entries/session-name.ts";
import type { RecordedCall } from "../../../../shared/domain/evidence/calls/recorded-call.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";

const REMOVAL = "DisassociateAccessPolicy";

/** A grant beside what the owner has on a target. Its call has no answer, and the owner deletes the entry. */
async function deletedByOwner(had: Readonly<Record<string, readonly string[]>>) {
  const broker = correlateBroker();
  broker.othersHad(had);
  broker.failNext("AssociateAccessPolicy", APPLIED_UNANSWERED);
  const grant = await broker.activeGrant();
  broker.breakPort("evidence.putCall", new Error("down"));
  broker.clock.advance(60);
  broker.othersDelete();
  await broker.converge();
  expect(await broker.reload(grant)).not.toMatchObject({ state: "ending" });
  return { broker, grant };
}

type Deleted = Awaited<ReturnType<typeof deletedByOwner>>;

/** CloudTrail's record of a removal in the binding's session that found nothing. */
const aRemoval = (
  { broker }: Deleted,
  call: Partial<RecordedCall> = {},
  record: Readonly<Record<string, unknown>> = {},
): object =>
  recordOf(
    {
      eksRequestId: "9f1c2d3e-0000-4000-8000-00000000000f",
      operation: REMOVAL,
      clusterArn: PROD.arn,
      principalArn: ALICE,
      target: EDIT,
      elements: [],
      roleArn: `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor`,
      sessionName: bindingSessionName(broker.binding),
      at: broker.clock.now(),
      result: "ResourceNotFoundException",
      requestIds: [],
      ...call,
    },
    { errorCode: "ResourceNotFoundException", ...record },
  );

/** The event comes after its record had its time. */
async function delivered({ broker }: Deleted, removal: object) {
  broker.clock.advance(900);
  return await broker.deliver(removal);
}

const FINDING = { outcome: "finding", finding: { code: "grantor-outside-call" } };
const explainedBy = ({ id }: AccessRequest) => ({
  outcome: "ours",
  why: "removal",
  requestIds: [id],
});

describe("A removal of what a call set again for the owner, which found nothing", () => {
  it("Converge removes in the binding's session what it set again, and nothing is there", async () => {
    const { broker } = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    expect(broker.entries.calls).toContainEqual(
      expect.objectContaining({
        operation: REMOVAL,
        sessionName: bindingSessionName(broker.binding),
        result: "ResourceNotFoundException",
      }),
    );
  });

  it("The removal is explained by the grant whose call set it again, though that is running", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    const removal = aRemoval(world);
    expect(await delivered(world, removal)).toEqual(explainedBy(world.grant));
  });

  it("The removal stays a finding where no call set anything again", async () => {
    const world = await deletedByOwner({ [VIEW]: ["ns/reports"] });
    expect(await delivered(world, aRemoval(world))).toMatchObject(FINDING);
  });

  it("The removal stays a finding on another target than the call's", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"], [VIEW]: ["ns/reports"] });
    const removal = aRemoval(world, { target: VIEW });
    expect(await delivered(world, removal)).toMatchObject(FINDING);
  });

  it("The removal stays a finding in the session of the running grant", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    const removal = aRemoval(world, { sessionName: grantSessionName(world.grant.id) });
    expect(await delivered(world, removal)).toMatchObject(FINDING);
  });

  it.each([undefined, "AccessDeniedException", "InvalidRequestException"])(
    "The removal stays a finding where it ended with %s",
    async (errorCode) => {
      const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
      expect(await delivered(world, aRemoval(world, {}, { errorCode }))).toMatchObject(FINDING);
    },
  );

  it("A removal of groups is explained in the same way", async () => {
    const broker = correlateBroker();
    broker.othersHad({ groups: ["group/theirs"] }, STAGING.arn);
    broker.failNext("UpdateAccessEntry", APPLIED_UNANSWERED);
    const grant = await broker.activeGrant({
      cluster: "staging",
      access: { groups: ["eks-admins"] },
    });
    const requestParameters = { name: "staging", principalArn: ALICE, kubernetesGroups: [] };
    const removal = aRemoval(
      { broker, grant },
      {
        operation: "UpdateAccessEntry",
        target: null,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/timelatch-grantor-groups`,
        sessionName: bindingSessionName(bindingKey(STAGING.arn, ALICE)),
      },
      { requestParameters },
    );
    expect(await delivered({ broker, grant }, removal)).toEqual(explainedBy(grant));
  });

  it("An addition that found no entry stays a finding", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    const addition = { operation: "AssociateAccessPolicy", elements: ["ns/kube-system"] } as const;
    expect(await delivered(world, aRemoval(world, addition))).toMatchObject(FINDING);
  });

  it("A deletion of the entry that found none stays a finding", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    const deletion = { operation: "DeleteAccessEntry", target: null } as const;
    expect(await delivered(world, aRemoval(world, deletion))).toMatchObject(FINDING);
  });

  it("The removal is explained as long as the grant runs: the read that shows that nothing is there may fail for hours", async () => {
    const world = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    world.broker.clock.advance(1_800);
    expect(await delivered(world, aRemoval(world))).toEqual(explainedBy(world.grant));
  });

  it("The removal stays a finding before the call", async () => {
    const before = await deletedByOwner({ [EDIT]: ["ns/reports"] });
    const early = aRemoval(before, { at: "2026-11-01T00:00:00.000Z" });
    expect(await delivered(before, early)).toMatchObject(FINDING);
  });
});
