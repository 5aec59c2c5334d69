/** The access that a call set again for the owner, and the event that is its removal. */
import { describe, expect, it } from "vitest";
import { settings } from "../../../../../lab/fakes/builders.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { bindingSessionName } from "../../../../../shared/domain/entries/session-name.ts";
import type { CallIntent } from "../../../../../shared/domain/evidence/calls/call-intent.ts";
import {
  carriedAccess,
  isNeedlessRemoval,
  type Overs,
} from "../../../../../shared/domain/evidence/calls/carried-access.ts";
import type { TrailEvent } from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { ALICE, anEvent, CLUSTER, GRANT, OURS, SESSION, VIEW } from "../samples.ts";

const TIMES = settings({ readLagSeconds: 45, clockDifferenceSeconds: 10, landsWithinSeconds: 300 });

/** A run is about to set what the owner has, and `payments` for a grant. */
const INTENT: CallIntent = {
  sessionName: SESSION,
  clusterArn: CLUSTER,
  principalArn: ALICE,
  calls: [
    {
      operation: "AssociateAccessPolicy",
      target: VIEW,
      elements: ["ns/payments", "ns/reports"],
      requestIds: [GRANT],
    },
  ],
  owners: { [VIEW]: ["ns/reports"] },
  from: "2026-11-24T10:00:00.000Z",
  until: "2026-11-24T10:05:18.000Z",
};

const sessionName = bindingSessionName(bindingKey(CLUSTER, ALICE));

/** The removal of all that is on the policy, which finds nothing. */
const REMOVAL: Partial<TrailEvent> = {
  operation: "DisassociateAccessPolicy",
  scope: null,
  caller: { ...OURS, sessionName },
  errorCode: "ResourceNotFoundException",
};

/** The grant was over long before its call had landed. */
const OVER = { [GRANT]: "2026-11-24T10:01:00.000Z" };

const isRemoval = (changes: Partial<TrailEvent>, overs: Overs = OVER): boolean =>
  carriedAccess([INTENT], TIMES, overs).some((carried) =>
    isNeedlessRemoval(carried, anEvent({ ...REMOVAL, ...changes }), TIMES),
  );

describe("The access that a call set again for the owner", () => {
  it("A call that sets again what the owner has says when a removal of it has landed", () => {
    const [carried, ...more] = carriedAccess([INTENT], TIMES, OVER);
    expect(more).toEqual([]);
    // 45 s for a read, 300 s for a removal without an answer, and twice a clock that is 10 s off.
    expect(carried).toMatchObject({ target: VIEW, sessionName, until: "2026-11-24T10:11:23.000Z" });
  });

  it.each<[string, CallIntent]>([
    ["of a target that the owner does not use", { ...INTENT, owners: {} }],
    ["that leaves the owner's part away", { ...INTENT, owners: { [VIEW]: ["ns/other"] } }],
  ])("A call %s sets nothing again", (_call, intent) => {
    expect(carriedAccess([intent], TIMES, OVER)).toEqual([]);
  });

  it.each<[string, boolean, Partial<TrailEvent>]>([
    ["that finds nothing", true, {}],
    ["of groups", false, { policyArn: null, operation: "UpdateAccessEntry", groups: [] }],
    ["that took something", false, { errorCode: null }],
    ["that was denied", false, { errorCode: "AccessDeniedException" }],
    ["that leaves something", false, { scope: { type: "cluster" } }],
    ["of a whole entry", false, { operation: "DeleteAccessEntry", policyArn: null }],
    ["by another operation", false, { operation: "AssociateAccessPolicy" }],
    ["of another policy", false, { policyArn: `${VIEW}Other` }],
    ["in the session of the grant", false, { caller: OURS }],
    ["on another entry", false, { principalArn: `${ALICE}-other` }],
    ["on another cluster", false, { clusterArn: `${CLUSTER}-other` }],
    ["before the call", false, { eventTime: "2026-11-24T09:59:48.000Z" }],
    ["by a slow clock", true, { eventTime: "2026-11-24T09:59:50.000Z" }],
    ["that lands last", true, { eventTime: "2026-11-24T10:11:33.000Z" }],
    ["after that", false, { eventTime: "2026-11-24T10:11:34.000Z" }],
  ])("A removal %s is of what a call set again: %s", (_removal, expected, changes) => {
    expect(isRemoval(changes)).toBe(expected);
  });

  const at = (eventTime: string) => ({ eventTime });
  it.each<[string, Overs, string, string | undefined]>([
    ["is not over", { [GRANT]: null }, "2026-11-24T18:00:00.000Z", undefined],
    [
      "was over later",
      { [GRANT]: "2026-11-24T10:30:00.000Z" },
      "2026-11-24T10:35:20.000Z",
      "2026-11-24T10:35:21.000Z",
    ],
    ["is not known", {}, "2026-11-24T10:11:33.000Z", "2026-11-24T10:11:34.000Z"],
  ])("Its removal may wait for a read while the grant %s", (_, overs, last, tooLate) => {
    expect(isRemoval(at(last), overs)).toBe(true);
    if (tooLate !== undefined) expect(isRemoval(at(tooLate), overs)).toBe(false);
  });
});
