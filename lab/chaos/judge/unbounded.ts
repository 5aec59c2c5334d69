import { isUnknownTo } from "./forgotten-deadline.ts";
import { undrainedLedgers } from "./restored.ts";
import type { Seen } from "./seen.ts";

/** Access of a request whose record is not believed, and its time as people know it. Milliseconds since 1970. */
interface Agreed {
  readonly cluster: string;
  readonly principalArn: string;
  readonly elements: readonly string[];
  readonly from: number;
  readonly until: number;
  readonly approvedAt: number;
  /** Whether somebody wrote about its entry. */
  readonly isAttacked: boolean;
}

/** The longest times from a removal's begin to the grant's end, and from that end to the fuse. */
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

/** Whether a run took what it found on the entry for its owner's, once tables had been restored. */
const isTakenOver = (
  { cluster, principalArn }: Agreed,
  { adopted, restores }: Pick<Seen, "adopted" | "restores">,
): boolean =>
  adopted.some(
    (one) =>
      one.cluster === cluster &&
      one.principalArn === principalArn &&
      restores.some(({ leftAt }) => one.at > leftAt),
  );

/**
 * Whether neither the ledger nor a record knows access, and it has no fuse, or loses it: docs/protocol.md, "Ledgers that
 * do not know". An intruder may have deleted the record, in place of a restore of its table.
 */
const isUnknown = (agreed: Agreed, seen: Pick<Seen, "adopted" | "claims" | "restores">): boolean =>
  undrainedLedgers(seen).some((one) =>
    isUnknownTo(agreed.isAttacked ? { ...one, tables: ["requests", "ledger"] } : one, agreed),
  ) &&
  (hasNoFuse(agreed, seen) || isTakenOver(agreed, seen));

/**
 * Whether nothing may end access but the next run of its entry, which the threat model names under what a forged record
 * gains: its schedule was lost, its head was hidden from the sweep, and it has no fuse. Or nothing at all does, since
 * two restored tables forgot it.
 */
export const isUnbounded = (
  agreed: Agreed,
  seen: Pick<Seen, "adopted" | "attacks" | "claims" | "deeds" | "restores">,
): boolean =>
  isUnknown(agreed, seen) ||
  (isHidden(agreed, seen) && hasNoFuse(agreed, seen) && isUnfired(agreed, seen));
