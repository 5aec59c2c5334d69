import type { Seen } from "./seen.ts";

/** Access of an attacked request, and its time as people know it. Milliseconds since 1970. */
interface Agreed {
  readonly cluster: string;
  readonly principalArn: string;
  readonly elements: readonly string[];
  readonly from: number;
  readonly until: number;
}

/** A removal begins so long before its end at most, and a fuse fires so long after it. */
const BEFORE_MS = 15_000;
const AFTER_MS = 65_000;

const policyOf = (element: string): string => element.split(":", 1)[0] ?? "";

/** Whether somebody else had something on its policy meanwhile, or on the entry where it lends groups. */
const hasNoFuse = (
  { cluster, principalArn, elements, from, until }: Agreed,
  { claims }: Pick<Seen, "claims">,
): boolean => {
  const lent = elements.map(policyOf);
  return claims.some(
    (one) =>
      one.cluster === cluster &&
      one.principalArn === principalArn &&
      one.askedAt < until + AFTER_MS &&
      (one.releasedAt ?? until) >= from &&
      (lent.includes("group") || one.elements.some((element) => lent.includes(policyOf(element)))),
  );
};

/** Whether Scheduler may have lost the schedule of its end. */
const isUnfired = ({ until }: Agreed, { deeds }: Pick<Seen, "deeds">): boolean =>
  deeds.some(
    ({ action, from, to }) =>
      action.kind === "schedules" &&
      Number(action.behaviour["lossProbability"] ?? 0) > 0 &&
      from < until + AFTER_MS &&
      to > until - BEFORE_MS,
  );

const isHidden = (
  { cluster, principalArn, until }: Agreed,
  { attacks }: Pick<Seen, "attacks">,
): boolean =>
  attacks.some(
    (one) =>
      one.hidesHead &&
      one.cluster === cluster &&
      one.principalArn === principalArn &&
      one.at < until + AFTER_MS,
  );

/**
 * Whether nothing but the next run of its entry may end access: its schedule was lost, its head was hidden from the
 * sweep, and it has no fuse. The threat model names it, under what a forged record gains.
 */
export const isUnbounded = (
  agreed: Agreed,
  seen: Pick<Seen, "attacks" | "claims" | "deeds">,
): boolean => isHidden(agreed, seen) && hasNoFuse(agreed, seen) && isUnfired(agreed, seen);
