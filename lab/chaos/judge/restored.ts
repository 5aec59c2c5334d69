/**
 * Finds the requests that the tables forgot at a restore. The audit table has their histories, so
 * people's steps and the chains are judged as usual. Their records are older than that, and no
 * state or message of them is.
 */
import type { Deed, Restore } from "../stage/stage.ts";
import { restedByHistory } from "./rested.ts";
import type { Judgement, Seen, SeenRequest } from "./seen.ts";

/** A run has five seconds to store a step after its instant, and clocks of functions differ by a second. */
const EDGE_MS = 8_000;
/** After the last step of a request, notify, correlate and activity still write. Slack is away for 45 s at most. */
const SHOWN_MS = 60_000;

/** Whether a restored table forgot what happened at an instant. */
const forgets = ({ to, adoptedAt }: Restore, at: number, marginMs: number): boolean =>
  at > to - marginMs && at < adoptedAt;

const ofRequests = ({ restores }: Pick<Seen, "restores">): readonly Restore[] =>
  restores.filter(({ tables }) => tables.includes("requests"));

/** Restores of a ledger under a broker that nobody had drained. */
export const undrainedLedgers = ({ restores }: Pick<Seen, "restores">): readonly Restore[] =>
  restores.filter(({ tables, drainedAt }) => drainedAt === undefined && tables.includes("ledger"));

const isOlder = (one: SeenRequest, restore: Restore, marginMs: number): boolean =>
  Date.parse(one.request.createdAt) < restore.adoptedAt &&
  restedByHistory(one) > restore.to - marginMs;

type Answered = Pick<Seen, "restores" | "requests" | "answered" | "deeds">;

/** The ids of requests whose record may be older than their history, or gone. */
export function forgottenIds(seen: Answered, marginMs = EDGE_MS): ReadonlySet<string> {
  const restores = ofRequests(seen);
  if (restores.length === 0) return new Set();
  const listed = new Set(seen.requests.map(({ request }) => request.id));
  return new Set([
    ...seen.requests
      .filter((one) => restores.some((restore) => isOlder(one, restore, marginMs)))
      .map(({ request }) => request.id),
    ...[...seen.answered]
      .filter(([life, { id }]) => !listed.has(id) && isAskForgotten(seen, life))
      .map(([, { id }]) => id),
  ]);
}

/** Whether a life was asked for, by the requester's clock, when no restored table had it yet. */
const isAskForgotten = (seen: Answered, life: number): boolean =>
  seen.deeds.some(
    (deed) =>
      (deed.action.kind === "ask" || deed.action.kind === "extend") &&
      deed.action.life === life &&
      isForgottenDeed(deed, seen),
  );

/** The requester heard of it once it was stored. Both clocks are those of the machine. */
const ASKED_MS = 1_000;

/** Whether a requests table forgot what was done then, where no record says what came of it. */
export const isForgottenDeed = (
  { from, to }: Pick<Deed, "from" | "to">,
  seen: Pick<Seen, "restores">,
) => ofRequests(seen).some((restore) => to > restore.to - ASKED_MS && from < restore.adoptedAt);

/** Whether notify or correlate may have lost what they were to do of something that happened then. */
export const isUnshown = (at: number, seen: Pick<Seen, "restores">): boolean =>
  ofRequests(seen).some((restore) => forgets(restore, at, SHOWN_MS));

/** A call is on record once its run has stored it. */
const RECORDED_MS = 5_000;

/** Whether a requests table forgot the broker's record of a call to EKS. @param at when EKS applied it */
export const isForgottenCall = (at: number, seen: Pick<Seen, "restores">): boolean =>
  ofRequests(seen).some((restore) => forgets(restore, at, RECORDED_MS));

/** Whether a requests table forgot a grant of an entry whose fuse may still fire: nobody had drained the broker. */
export const isForgottenFuse = (principalArn: string | null, seen: Answered): boolean => {
  const ids = forgottenIds(seen);
  return (
    ofRequests(seen).some(({ drainedAt }) => drainedAt === undefined) &&
    [...seen.answered.values()].some((one) => one.principalArn === principalArn && ids.has(one.id))
  );
};

function without(seen: Seen, ids: ReadonlySet<string>): Seen {
  if (ids.size === 0) return seen;
  return {
    ...seen,
    requests: seen.requests.filter(({ request }) => !ids.has(request.id)),
    answered: new Map([...seen.answered].filter(([, { id }]) => !ids.has(id))),
  };
}

/** The same judgement, of every request whose record no restore made older. */
export const ofRemembered = (judgement: Judgement): Judgement => ({
  ...judgement,
  judge: (seen) => judgement.judge(without(seen, forgottenIds(seen))),
});

/** The same judgement of what others make of a request later: of those that had all of it before the restore. */
export const ofShown = (judgement: Judgement): Judgement => ({
  ...judgement,
  judge: (seen) => judgement.judge(without(seen, forgottenIds(seen, SHOWN_MS))),
});

/** The code with which the broker says that its ledger of an entry does not know: docs/protocol.md. */
const BEHIND = '"ledger-behind"';

/** Whether a grant was refused, delayed or ended since its ledger had been restored without a drain, as its history says. */
export const isBehind = ({ request, events }: SeenRequest, seen: Pick<Seen, "restores">): boolean =>
  undrainedLedgers(seen).length > 0 && JSON.stringify([request.outcome, events]).includes(BEHIND);
