/** Scenes of calls that have no answer, and land when nobody waits for them any more. */
import type { Action } from "./action.ts";
import { ADMIN, awsFault, JUST_BEFORE, lend, type Scene, SECOND, type Stand } from "./scene.ts";

/** Few scenes use it: what holds up a removal there is no excuse elsewhere. */
const CLUSTER = "staging";
/** The broker lends no such thing there. */
const POLICY = "AmazonEKSEditPolicy";
/** The time until the access of others is on the entry. */
const CLAIMED_AFTER = 3 * SECOND;
/** It lands within five seconds after it was signed: `landsWithinSeconds`. */
const LANDS_AFTER_MS = 4_700;
/**
 * Ends of grants: the person, the kind, and the time since the request. The addition is on its way
 * by then, on a machine of some pace. A grant that has begun is not cancelled.
 */
const ENDS = [
  { person: "alice", kind: "cancel", by: "alice", after: 1 * SECOND },
  { person: "dave", kind: "revoke", by: ADMIN, after: 1.7 * SECOND },
  { person: "mallory", kind: "revoke", by: ADMIN, after: 2.5 * SECOND },
] as const;
const NEXT = 8 * SECOND;
/** All has landed by then, and was removed again. */
const RELEASED_AFTER = 18 * SECOND;

/** The next addition on that cluster has no answer, and lands late. */
const lateAssociate = (at: number): Action =>
  awsFault(
    {
      kind: "late",
      service: "eks",
      operation: "AssociateAccessPolicy",
      resource: CLUSTER,
      role: "timelatch-grantor",
      milliseconds: LANDS_AFTER_MS,
      count: 1,
    },
    at - JUST_BEFORE,
    5,
  );

function endedBefore(stand: Stand, index: number, end: (typeof ENDS)[number]): readonly Action[] {
  const { person, kind, by, after } = end;
  const life = stand.life + index;
  const at = stand.at + index * NEXT;
  const place = { claim: life, cluster: CLUSTER, principal: person };
  const asked = at + CLAIMED_AFTER;
  return [
    { kind: "claim", ...place, policy: POLICY, namespaces: [`owners-${life}`], at },
    lateAssociate(asked),
    ...lend({ life, person, terms: "view-staging", seconds: 40, at: asked }),
    { kind, life, person: by, at: asked + after },
    { kind: "release", ...place, at: asked + RELEASED_AFTER },
  ];
}

/** People end their grants before these begin, on entries that others use: those stay when the grant is gone. */
export const lateAddition: Scene = {
  seconds: 38,
  play: (stand) => ENDS.flatMap((end, index) => endedBefore(stand, index, end)),
};
