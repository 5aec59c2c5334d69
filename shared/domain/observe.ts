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
import { bearsOurToken, type Held, isUncertain, type Ledger } from "./ledger.ts";

/** An access entry as it was read from EKS. */
export interface ActualEntry {
  readonly accessEntryArn: string;
  readonly type: string;
  /** The Kubernetes username. An update of the groups resets it unless it is sent along. */
  readonly username: string;
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

/** Brings the ledger up to what was read at `readAt`. Pure; nothing is stored or changed here. */
export function observe(
  before: Ledger,
  actual: ActualEntry | undefined,
  claims: readonly Claim[],
  readAt: string,
): Observation {
  const findings: Finding[] = [];
  const { ledger, newcomer } = identify(before, actual, readAt, findings);
  const begun = claims.filter(({ grantId }) => Object.hasOwn(before.deadlines, grantId));
  // A newcomer's content is its maker's, except what a call for its predecessor may have put there.
  const mixed = hadEntry(before) && before.uncertainUntil !== null;
  const explains = newcomer && !mixed ? [] : begun;
  const known = new Set([
    ...Object.keys(before.targets),
    ...claims.filter(({ live }) => live).map(({ target }) => target),
  ]);
  const targets = Object.fromEntries(
    [...known].map((target) => {
      const found = actual?.targets[target] ?? EMPTY;
      const held = before.targets[target];
      if (!held) return [target, { baseline: found, seen: found, attempted: found }];
      const attempted = sameSet(found, held.attempted) && !newcomer;
      const expected = attempted || sameSet(found, held.seen);
      if (expected && !newcomer) return [target, { ...held, seen: found }];
      if (!expected) findings.push({ code: "entry-edited", target, expected: held.seen, found });
      return [target, edited(held, found, claimed(explains, target))];
    }),
  );
  return { ledger: { ...ledger, targets }, findings };
}

/** Whether there was an entry before this one for which a call of ours may have been under way. */
const hadEntry = ({ accessEntryArn, tokenSpent, formerTokens }: Ledger): boolean =>
  accessEntryArn !== null || tokenSpent || formerTokens.length > 0;

interface Identified {
  readonly ledger: Ledger;
  /** It is others', and not the one that we knew: nothing on it is what we attempted. */
  readonly newcomer: boolean;
}

/** Decides whose entry it is: by its ARN, or by the token of a create whose answer we never saw. */
function identify(
  before: Ledger,
  actual: ActualEntry | undefined,
  readAt: string,
  findings: Finding[],
): Identified {
  const uncertain = isUncertain(before, readAt);
  const attempted = Object.values(before.targets).some((held) => held.attempted.length > 0);
  const ledger: Ledger = {
    ...before,
    // An entry may have been made with it: one that we knew, also where it became others' since, or
    // one that came of an unheard call and went before we looked. While that call may still land,
    // the same token is what keeps it from being made twice.
    tokenSpent:
      before.tokenSpent ||
      (before.accessEntryArn !== null && before.accessEntryArn !== actual?.accessEntryArn) ||
      (!actual && attempted && !uncertain),
    formerTokens: uncertain ? before.formerTokens : [],
  };
  if (!actual) {
    if (before.accessEntryArn !== null && attempted) findings.push({ code: "entry-deleted" });
    return { ledger: { ...ledger, owned: false, accessEntryArn: null }, newcomer: false };
  }
  const { accessEntryArn } = actual;
  if (before.accessEntryArn === accessEntryArn) return { ledger, newcomer: false };
  if (bearsOurToken(before, actual.tags))
    return { ledger: { ...ledger, owned: true, accessEntryArn }, newcomer: false };
  if (before.accessEntryArn !== null) findings.push({ code: "entry-replaced" });
  return { ledger: { ...ledger, owned: false, accessEntryArn }, newcomer: true };
}

function edited(held: Held, found: ElementSet, ours: ElementSet): Held {
  const onlyOurs = minus(ours, held.baseline);
  return { baseline: minus(found, onlyOurs), seen: found, attempted: found };
}
