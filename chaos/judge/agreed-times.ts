/**
 * From when until when an attacked request may explain access. What people asked for and answered says so: nothing that
 * is stored does, since somebody wrote into the tables.
 */
import type { Action } from "../plan/action.ts";
import { askedOf, type TermsName, termsOf } from "../plan/terms.ts";
import type { Disturbance } from "../stage/disturbance.ts";
import { principalOf } from "../stage/principals.ts";
import { type Deed, reasonOf } from "../stage/stage.ts";
import { attackedIds, isAttackedPlace } from "./attacked.ts";
import { deadlineOf } from "./deadline.ts";
import { elementsOf, FUSE_MS, type LentTime } from "./lent-time.ts";
import type { Seen } from "./seen.ts";
import { isUnbounded } from "./unbounded.ts";

const CLOCK_MS = 1_500;
/** A schedule, or another attempt at a removal, beyond the fuse: runs, sweeps, and what a clock is off. */
const PATIENCE_MS = 30_000;

type Asked = Extract<Action, { kind: "ask" | "extend" }>;

/** A refusal of the API. Where nothing answered, the step may have been stored. */
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
  const from = Math.max(...approvals, first?.until ?? Number.NEGATIVE_INFINITY);
  const until = approvals.length === 0 ? Number.NEGATIVE_INFINITY : from + action.seconds * 1_000;
  return { asked, terms, namespace, person: action.person, until };
}

/** Whether the history of a life can be believed: it is listed, and nobody attacked it. */
function isBelieved(seen: Seen, life: number, attacked: ReadonlySet<string>): boolean {
  const id = seen.answered.get(life)?.id;
  const reason = reasonOf(seen.seed, life);
  return seen.requests.some(
    ({ request }) =>
      !attacked.has(request.id) &&
      (id === undefined ? request.reason === reason : request.id === id),
  );
}

/** What explains access on an attacked entry beside the requests that nobody attacked. */
export function agreedTimes(seen: Seen, disturbances: readonly Disturbance[]): readonly LentTime[] {
  if (seen.attacks.length === 0) return [];
  const attacked = attackedIds(seen);
  return seen.deeds.flatMap(({ action }): readonly LentTime[] => {
    if (action.kind !== "ask" && action.kind !== "extend") return [];
    const agreed = agreedOf(seen, action.life);
    if (!agreed || agreed.until < 0 || isBelieved(seen, action.life, attacked)) return [];
    const { cluster, access } = askedOf(agreed.terms, agreed.namespace);
    const principalArn = principalOf(agreed.person);
    if (!isAttackedPlace(seen, { cluster, principalArn })) return [];
    const elements = elementsOf(access);
    const from = agreed.asked.from - CLOCK_MS;
    const promised = agreed.until + FUSE_MS + PATIENCE_MS;
    const place = { cluster, principalArn, elements, from, until: agreed.until };
    const here = disturbances.filter((one) => !one.cluster || one.cluster === cluster);
    const id = seen.answered.get(action.life)?.id ?? `life ${action.life}`;
    return [
      {
        request: { id, clusterArn: `cluster/${cluster}`, principalArn },
        ...{ elements, from, promised },
        deadline: isUnbounded(place, seen)
          ? { at: Number.POSITIVE_INFINITY, because: ["nothing but the next run ends it"] }
          : deadlineOf(agreed.until, promised, here),
      },
    ];
  });
}
