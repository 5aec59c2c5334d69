/** The requests of a plan: who asks, who answers, and how each one ends. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans } from "./calm.ts";
import { TERMS_NAMES, type TermsName, termsOf } from "./terms.ts";

const SECOND = 1_000;
/** The shortest grant leaves some seconds before its margin of ten. */
const SHORTEST_SECONDS = 18;
const LONGEST_SECONDS = 40;
/** A life begins this long after the one before, at most. */
const LONGEST_PAUSE = 4 * SECOND;
/**
 * The longest pause between ordinary lives beside scenes: they are fewer, since scenes have lives
 * of their own.
 */
const LONGEST_PAUSE_BESIDE_SCENES = 9 * SECOND;

/** The facts of a life when its story goes on. */
interface Life {
  readonly life: number;
  readonly person: string;
  readonly terms: TermsName;
  readonly at: number;
  readonly seconds: number;
}

type Story = (life: Life, random: Random) => readonly Action[];

const soon = (random: Random) => random.between(0.3, 3) * SECOND;
/** Some time while the grant most likely lasts. */
const midway = ({ at, seconds }: Life, random: Random) =>
  at + random.between(0.25, 0.8) * seconds * SECOND;

const approvals: Story = ({ life, at, terms }, random) =>
  termsOf(terms).approvers.map((person) => ({
    kind: "approve",
    life,
    person,
    at: at + soon(random),
  }));

/** A grant that runs out by itself. */
const lent: Story = approvals;

const returned: Story = (life, random) => [
  ...approvals(life, random),
  { kind: "return", life: life.life, person: life.person, at: midway(life, random) },
];

const revoked: Story = (life, random) => [
  ...approvals(life, random),
  {
    kind: "revoke",
    life: life.life,
    person: random.pick(["carol", "heidi"]),
    at: midway(life, random),
  },
];

const denied: Story = ({ life, at, terms }, random) =>
  termsOf(terms)
    .approvers.slice(0, 1)
    .map((person) => ({
      kind: "deny",
      life,
      person,
      at: at + soon(random),
    }));

const cancelled: Story = (life, random) => [
  ...random.some(approvals(life, random), 0.5),
  { kind: "cancel", life: life.life, person: life.person, at: life.at + 2 * soon(random) },
];

/** Somebody around the broker takes away what it lends. */
const stripped: Story = (life, random) => [
  ...approvals(life, random),
  { kind: "strip", life: life.life, at: midway(life, random) },
];

/**
 * A request that somebody else should approve becomes a break-glass, if there is a rule for that.
 */
const escalated: Story = (life, random) =>
  life.terms === "admin-api"
    ? [{ kind: "escalate", life: life.life, person: life.person, at: life.at + soon(random) }]
    : approvals(life, random);

/** In the order of how likely each is; those that come twice are twice as likely. */
const STORIES: readonly Story[] = [
  ...[lent, lent, lent, lent, returned, returned, revoked, denied, cancelled, stripped, escalated],
];

/** An extension is a request of its own: it takes the next number. */
function extension(former: Life, life: number, random: Random): readonly Action[] {
  const at = midway(former, random);
  const { person } = former;
  const more = { ...former, life, at, seconds: random.whole(SHORTEST_SECONDS, LONGEST_SECONDS) };
  return [
    { kind: "extend", life, of: former.life, person, at, seconds: more.seconds },
    ...approvals(more, random),
  ];
}

const EXTENDED = 0.25;

/**
 * @param until no life begins later, in milliseconds
 * @param slower the factor by which the time between two lives grows
 */
export function lives(random: Random, until: number, slower: number): readonly Action[] {
  const actions: Action[] = [];
  const longest = calmSpans(until).length > 0 ? LONGEST_PAUSE_BESIDE_SCENES : LONGEST_PAUSE;
  let number = 0;
  const next = () => {
    number += 1;
    return number;
  };
  for (let at = 0; at < until; at += slower * random.between(0.2, 1) * longest) {
    const terms = random.pick(TERMS_NAMES);
    const person = random.pick(termsOf(terms).people);
    const seconds = random.whole(SHORTEST_SECONDS, LONGEST_SECONDS);
    const life: Life = { life: next(), person, terms, at, seconds };
    const story = random.pick(STORIES);
    actions.push(
      { kind: "ask", life: life.life, person, terms, seconds, at },
      ...story(life, random),
    );
    if (story === lent && termsOf(terms).extends && random.chance(EXTENDED))
      actions.push(...extension(life, next(), random));
  }
  return actions;
}
