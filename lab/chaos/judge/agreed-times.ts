/**
 * The time in which a request may explain access that was attacked, or that the tables forgot at a
 * restore. People's calls and the API's answers say so; stored records do not.
 */
import type { Action } from "../plan/action.ts";
import { askedOf, type TermsName, termsOf } from "../plan/terms.ts";
import type { Disturbance } from "../stage/disturbance.ts";
import { principalOf } from "../stage/principals.ts";
import { type Deed, reasonOf } from "../stage/stage.ts";
import { attackedIds, isAttackedPlace } from "./attacked.ts";
import { deadlineOf } from "./deadline.ts";
import { forgottenDeadline } from "./forgotten-deadline.ts";
import { elementsOf, FUSE_MS, type LentTime } from "./lent-time.ts";
import { forgottenIds, isForgottenDeed } from "./restored.ts";
import type { Seen } from "./seen.ts";
import { isUnbounded } from "./unbounded.ts";

const CLOCK_MS = 1_500;
/** A schedule, or another attempt at a removal, beyond the fuse: runs, sweeps, and what a clock is off. */
const PATIENCE_MS = 30_000;

type Asked = Extract<Action, { kind: "ask" | "extend" }>;

/** A refusal of the API. A call without an answer may have stored its step. */
const isRefused = ({ answer }: Deed): boolean => /^(?:4\d\d|not done)/.test(answer);

/** When people, or the policy, had approved a life at the latest; undefined where nobody had. */
function approvedAt(
  { deeds }: Pick<Seen, "deeds">,
  asked: Deed,
  terms: TermsName,
): number | undefined {
  const { life } = asked.action as Asked;
  const steps = deeds.filter(
    (deed) =>
      ["approve", "escalate"].includes(deed.action.kind) &&
      "life" in deed.action &&
      deed.action.life === life &&
      !isRefused(deed),
  );
  const isByPolicy = termsOf(terms).approvers.length === 0;
  const times = [...(isByPolicy ? [asked] : []), ...steps].map(({ to }) => to);
  return times.length === 0 ? undefined : Math.max(...times);
}

interface Agreed {
  readonly asked: Deed;
  readonly terms: TermsName;
  readonly namespace: string | undefined;
  readonly person: string;
  /** When it was approved; where its approval was forged whole, that. */
  readonly approvedAt: number;
  /** When it is over as people know it. */
  readonly until: number;
}

/** A life as people agreed on it. An extension begins where the grant that it extends ends. */
function agreedOf(
  seen: Pick<Seen, "deeds" | "attacks" | "answered">,
  life: number,
): Agreed | undefined {
  const asked = seen.deeds.find(
    ({ action }) => (action.kind === "ask" || action.kind === "extend") && action.life === life,
  );
  const action = asked?.action as Asked | undefined;
  if (!asked || !action) return undefined;
  const first = action.kind === "extend" ? agreedOf(seen, action.of) : undefined;
  const { terms, namespace } = action.kind === "ask" ? action : (first ?? {});
  if (terms === undefined) return undefined;
  const id = seen.answered.get(life)?.id;
  const forged = seen.attacks.flatMap((one) =>
    one.request === id && one.lendsSeconds !== undefined ? one.at : [],
  );
  const approvals = [approvedAt(seen, asked, terms) ?? [], forged].flat();
  const approved = Math.max(...approvals);
  const from = Math.max(approved, first?.until ?? Number.NEGATIVE_INFINITY);
  const until = approvals.length === 0 ? Number.NEGATIVE_INFINITY : from + action.seconds * 1_000;
  return { asked, terms, namespace, person: action.person, approvedAt: approved, until };
}

/** The id of a life's request. No answer had it where Slack was asked: then its reason says which one it is. */
function idOf({ answered, requests, seed }: Seen, life: number): string | undefined {
  const reason = reasonOf(seed, life);
  return (
    answered.get(life)?.id ?? requests.find(({ request }) => request.reason === reason)?.request.id
  );
}

/** Whether the record of a life can be believed: it is listed, nobody attacked it, and no restore made it older. */
function isBelieved(seen: Seen, life: number, unbelieved: ReadonlySet<string>): boolean {
  const id = idOf(seen, life);
  return seen.requests.some(({ request }) => request.id === id && !unbelieved.has(request.id));
}

/** Access is explained by believed records, and by this beside them. */
export function agreedTimes(seen: Seen, disturbances: readonly Disturbance[]): readonly LentTime[] {
  if (seen.attacks.length === 0 && seen.restores.length === 0) return [];
  const unbelieved = new Set([...attackedIds(seen), ...forgottenIds(seen)]);
  return seen.deeds.flatMap(({ action }): readonly LentTime[] => {
    if (action.kind !== "ask" && action.kind !== "extend") return [];
    const agreed = agreedOf(seen, action.life);
    if (!agreed || agreed.until < 0 || isBelieved(seen, action.life, unbelieved)) return [];
    const time = timeOf(seen, action.life, agreed, disturbances);
    return time ? [time] : [];
  });
}

/** @returns undefined for a life that was neither attacked nor forgotten, and that is nowhere: nothing explains its access */
function timeOf(
  seen: Seen,
  life: number,
  agreed: Agreed,
  disturbances: readonly Disturbance[],
): LentTime | undefined {
  const { cluster, access } = askedOf(agreed.terms, agreed.namespace);
  const principalArn = principalOf(agreed.person);
  const id = idOf(seen, life);
  const isAttacked = isAttackedPlace(seen, { cluster, principalArn });
  const isForgotten = id ? forgottenIds(seen).has(id) : isForgottenDeed(agreed.asked, seen);
  if (!isAttacked && !isForgotten) return undefined;
  const elements = elementsOf(access);
  const from = agreed.asked.from - CLOCK_MS;
  const { approvedAt: approved, until } = agreed;
  const place = { cluster, principalArn, elements, from, until, approvedAt: approved, isAttacked };
  const here = disturbances.filter((one) => !one.cluster || one.cluster === cluster);
  const promised = until + FUSE_MS + PATIENCE_MS;
  const fused = deadlineOf(until, promised, here);
  const deadline = isUnbounded(place, seen)
    ? { at: Number.POSITIVE_INFINITY, because: ["nothing but the next run ends it"] }
    : isAttacked
      ? fused
      : forgottenDeadline({ ...place, id, fused }, seen, here);
  const request = { id: id ?? `life ${life}`, clusterArn: `cluster/${cluster}`, principalArn };
  return { request, elements, from, promised, deadline };
}
