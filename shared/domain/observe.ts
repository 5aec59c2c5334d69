/**
 * Compares what is with what we know: whose entry it is, and what others changed.
 *
 * Where the entry is neither what we last saw nor what we last attempted, somebody else edited
 * it. The baseline then becomes what is there, less what only our grants explain: what its owner
 * removed is never given back, and what its owner added is never taken away. A grant explains
 * nothing before the ledger knows that its access began.
 */
import { type Claim, claimed } from "./claim.ts";
import { type ElementSet, EMPTY, minus, sameSet } from "./element-set.ts";
import { type Held, isUncertain, type Ledger, TAG_TOKEN } from "./ledger.ts";

/** An access entry as it was read from EKS. */
export interface ActualEntry {
  readonly accessEntryArn: string;
  readonly type: string;
  readonly createdAt: string;
  readonly tags: Readonly<Record<string, string>>;
  /** By target: the elements that are there. Targets without any are missing. */
  readonly targets: Readonly<Record<string, ElementSet>>;
}

/** Something that others did to the entry, for people to read. */
export interface Finding {
  readonly code: "entry-deleted" | "entry-replaced" | "entry-edited" | "entry-adopted";
  readonly target?: string;
  readonly expected?: ElementSet;
  readonly found?: ElementSet;
}

export interface Observation {
  readonly ledger: Ledger;
  readonly findings: readonly Finding[];
}

/** Brings the ledger up to what was read. Pure; nothing is stored or changed here. */
export function observe(
  before: Ledger,
  actual: ActualEntry | undefined,
  claims: readonly Claim[],
  now: string,
): Observation {
  const findings: Finding[] = [];
  const identified = identify(before, actual, findings, now);
  const replaced = findings.some(({ code }) => code === "entry-replaced");
  // A successor's content is its maker's, except what a call of ours may still have put there.
  const begun = claims.filter(({ grantId }) => Object.hasOwn(before.deadlines, grantId));
  const explains = replaced && !isUncertain(before, now) ? [] : begun;
  const known = new Set([
    ...Object.keys(before.targets),
    ...claims.filter(({ live }) => live).map(({ target }) => target),
  ]);
  const targets = Object.fromEntries(
    [...known].map((target) => {
      const found = actual?.targets[target] ?? EMPTY;
      const held = before.targets[target];
      if (!held) return [target, { baseline: found, seen: found, attempted: found }];
      const expected = sameSet(found, held.seen) || sameSet(found, held.attempted);
      if (expected && !replaced) return [target, { ...held, seen: found }];
      if (!expected) findings.push({ code: "entry-edited", target, expected: held.seen, found });
      return [target, edited(held, found, claimed(explains, target))];
    }),
  );
  return { ledger: { ...identified, targets }, findings };
}

/** Decides whose entry it is: by its ARN, or by the token of a create whose answer we never saw. */
function identify(
  before: Ledger,
  actual: ActualEntry | undefined,
  findings: Finding[],
  now: string,
): Ledger {
  // An entry may have been made with it: one that we knew, also where it became others' since, or
  // one that came of an unheard call and went before we looked. While that call may still land,
  // the same token is what keeps it from being made twice.
  const attempted = Object.values(before.targets).some((held) => held.attempted.length > 0);
  const tokenSpent =
    before.tokenSpent ||
    before.accessEntryArn !== null ||
    (!actual && attempted && !isUncertain(before, now));
  if (!actual) {
    const expected = Object.values(before.targets).every(({ attempted }) => attempted.length === 0);
    if (before.accessEntryArn !== null && !expected) findings.push({ code: "entry-deleted" });
    return { ...before, tokenSpent, owned: false, accessEntryArn: null };
  }
  const { accessEntryArn } = actual;
  if (before.accessEntryArn === accessEntryArn) return before;
  if (actual.tags[TAG_TOKEN] === before.token) return { ...before, owned: true, accessEntryArn };
  if (before.accessEntryArn !== null) findings.push({ code: "entry-replaced" });
  return { ...before, tokenSpent, owned: false, accessEntryArn };
}

function edited(held: Held, found: ElementSet, ours: ElementSet): Held {
  const onlyOurs = minus(ours, held.baseline);
  return { baseline: minus(found, onlyOurs), seen: found, attempted: found };
}
