/** Changes by others to access entries meanwhile, around the broker. */
import type { Random } from "../../simulation/random.ts";
import type { Action, ActionOf } from "./action.ts";
import type { Span } from "./calm.ts";
import { termsOf } from "./terms.ts";

const SECOND = 1_000;

/** The broker lends none of them, and no namespace that starts with `owners-`. The first one is used again and again. */
const POLICIES = [
  "AmazonEKSAdminViewPolicy",
  "AmazonEKSSecretReaderPolicy",
  "AmazonEKSSecretAdminPolicy",
] as const;

/** A wish of an owner for access during some time. */
interface Wish {
  readonly cluster: string;
  readonly principal: string;
  readonly from: number;
  readonly to: number;
}

/** The time after a grant's end for which additions by others must still be there. */
const AFTERWARDS = 30 * SECOND;
/** The administrator of the first account reaches no cluster of the second. */
const OUT_OF_REACH: ReadonlySet<string> = new Set(["overseas"]);
/** How often somebody adds something to the entry of a grant while that lasts. */
const BESIDE_GRANT = 0.4;

const wishesBeside = (random: Random, asked: readonly ActionOf<"ask">[]): readonly Wish[] =>
  random.some(asked, BESIDE_GRANT).flatMap(({ at, seconds, terms, person: principal }) => {
    const { cluster } = termsOf(terms);
    const from = at + random.between(0.25, 0.8) * seconds * SECOND;
    const to = at + seconds * SECOND + AFTERWARDS;
    return OUT_OF_REACH.has(cluster) ? [] : { cluster, principal, from, to };
  });

/** On an entry that the broker never touches, all the time. */
function wishesElsewhere(random: Random, until: number): readonly Wish[] {
  const wishes: Wish[] = [];
  for (let from = random.between(2, 15) * SECOND; from < until; from += 50 * SECOND) {
    const to = from + random.between(8, 40) * SECOND;
    wishes.push({ cluster: "prod", principal: "ci-deployer", from, to });
  }
  return wishes;
}

const KEPT = 0.15;

/**
 * The actions at one place, where each wish waits for the one before. A wish that would wait too
 * long is left out.
 */
function claimsAt(random: Random, wishes: readonly Wish[], next: () => number): readonly Action[] {
  const actions: Action[] = [];
  const left = [...POLICIES];
  let free = 0;
  for (const { cluster, principal, from, to } of wishes) {
    const [policy] = left;
    if (policy === undefined || from < free) continue;
    const claim = next();
    const place = { claim, cluster, principal };
    const namespaces = [`owners-${claim}`];
    actions.push({ kind: "claim", at: from, ...place, policy, namespaces });
    // A kept policy is kept for good: the next wish takes another one.
    if (random.chance(KEPT)) left.shift();
    else {
      actions.push({ kind: "release", at: to, ...place });
      free = to;
    }
  }
  return actions;
}

/** @param others the actions of people, whose grants somebody adds something to */
export function owners(
  random: Random,
  until: number,
  others: readonly Action[],
): readonly Action[] {
  let claim = 0;
  const next = () => {
    claim += 1;
    return claim;
  };
  const asked = others.filter((one): one is ActionOf<"ask"> => one.kind === "ask");
  const wishes = [...wishesBeside(random, asked), ...wishesElsewhere(random, until)];
  const places = Map.groupBy(wishes, ({ cluster, principal }) => `${cluster} ${principal}`);
  return [...places.values()].flatMap((each) =>
    claimsAt(
      random,
      each.toSorted((one, other) => one.from - other.from),
      next,
    ),
  );
}

/** The delay of CloudTrail's record of a change is two seconds. */
const HEARD_AFTER = 1 * SECOND;
const UNHEARD_SECONDS = 8;
const UNHEARD_A_SPAN = 3;

/** In calm spans correlate's table does not answer, just when it hears of some changes of others. */
export function unheard(
  random: Random,
  all: readonly Action[],
  calm: readonly Span[],
): readonly Action[] {
  const changes = all.filter(({ kind }) => CHANGES.has(kind));
  return calm.flatMap(({ from, to }) => {
    const during = changes.filter(
      ({ at }) => at >= from && at < to - (HEARD_AFTER + UNHEARD_SECONDS * SECOND),
    );
    const chosen = during.filter(
      (_, index) => index % Math.ceil(during.length / UNHEARD_A_SPAN) === 0,
    );
    return chosen.map(
      ({ at }): Action => ({
        kind: "aws-fault",
        at: at + HEARD_AFTER,
        seconds: UNHEARD_SECONDS,
        rule: {
          kind: random.pick(["throttle", "refuse", "drop"]),
          service: "dynamodb",
          role: "timelatch-correlate",
        },
      }),
    );
  });
}

const CHANGES: ReadonlySet<Action["kind"]> = new Set(["claim", "release", "strip"]);
