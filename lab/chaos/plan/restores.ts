/** When an administrator restores tables, which ones, and whether they drain the broker first. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans, roughSpans } from "./calm.ts";
import { lend } from "./scene.ts";
import type { TermsName } from "./terms.ts";

const SECOND = 1_000;
/** Above every number of `lab/chaos/plan/scenes.ts`. */
const FIRST_LIFE = 300_000;
/**
 * Seconds that grants around a restore last after its start. It takes half a minute, and more on a
 * busy machine.
 */
const LASTS_SECONDS = 90;
const PEOPLE = ["alice", "dave", "mallory"] as const;

const CHOICES = [["ledger"], ["requests"], ["requests", "ledger"]] as const;
/** How often the runbook's drain comes first. */
const DRAINED = 0.4;

/** A grant around a restore. */
interface Around {
  /** The person, by number: people take turns, so that an entry has grants of both kinds. */
  readonly who: 0 | 1 | 2;
  readonly terms: TermsName;
  /** When it is asked for, in seconds after the instant that the tables go back to. */
  readonly after: number;
  /** When its holder returns it, in seconds: after that instant, or before the restore. */
  readonly returned?: { readonly after: number } | { readonly before: number };
}

/** Grants that both tables know, that neither knows, and that somebody ended where the tables say otherwise. */
const AROUND: readonly Around[] = [
  { who: 0, terms: "view-both", after: -12 },
  { who: 0, terms: "edit-worker", after: 3 },
  { who: 1, terms: "edit-api", after: 2 },
  { who: 1, terms: "rbac-staging", after: 1 },
  { who: 2, terms: "view-worker", after: -11, returned: { after: 5 } },
  { who: 2, terms: "view-api", after: 2, returned: { before: 3 } },
];

/**
 * The person with an entry that others made. A ledger that does not know the entry may take lent
 * access for theirs.
 */
const OWNED = 1;
/** Nobody else uses it in a run. */
const OWNERS_POLICY = "AmazonEKSKROPolicy";

/** Before anybody is lent anything, somebody makes the entry, and keeps what they put there. */
const ownedEntry = (principal: string): Action => ({
  kind: "claim",
  claim: FIRST_LIFE,
  cluster: "prod",
  principal,
  at: 0,
  policy: OWNERS_POLICY,
  namespaces: [`owners-${FIRST_LIFE}`],
});

function livesAround(random: Random, at: number, seconds: number): readonly Action[] {
  const to = at - seconds * SECOND;
  const turn = random.whole(0, PEOPLE.length - 1);
  const personOf = (who: 0 | 1 | 2) => PEOPLE[(who + turn) % PEOPLE.length] ?? PEOPLE[who];
  const lives = AROUND.flatMap(({ who, terms, after, returned }, index): readonly Action[] => {
    const [life, person] = [FIRST_LIFE + index, personOf(who)];
    const asked = to + after * SECOND;
    const lasts = Math.round((at - asked) / SECOND) + LASTS_SECONDS;
    const grant = lend({ life, person, terms, seconds: lasts, at: asked });
    if (!returned) return grant;
    const back = "after" in returned ? to + returned.after * SECOND : at - returned.before * SECOND;
    return [...grant, { kind: "return", life, person, at: back }];
  });
  return [ownedEntry(personOf(OWNED)), ...lives];
}

/**
 * One restore, in the last rough span: everything before it is judged as usual. A plan without calm
 * has no restore, since the new deployment takes half a minute. Grants around it last until it is
 * over.
 *
 * @param until when the plan ends, in milliseconds
 */
export function restores(random: Random, until: number): readonly Action[] {
  const rough = roughSpans(until).at(-1);
  if (calmSpans(until).length === 0 || rough === undefined) return [];
  const at = rough.from + random.between(2, 8) * SECOND;
  const [tables, seconds] = [random.pick(CHOICES), random.whole(15, 60)];
  const isDrained = random.chance(DRAINED);
  return [
    { kind: "restore-tables", at, tables, seconds, isDrained },
    ...livesAround(random, at, seconds),
  ];
}
