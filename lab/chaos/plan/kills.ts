/**
 * Kills and stops of the sandbox and its parts. Quiet times remain between, in which ends must be
 * on time.
 */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans, roughSpans } from "./calm.ts";

const SECOND = 1_000;
const FUNCTIONS = ["converge", "api", "sweep", "notify", "correlate"] as const;
/** Their runs are rare or short, so they have kills of their own. */
const MORE_FUNCTIONS = ["slack", "activity", "archive"] as const;

/** Clocks of functions differ by a second at most where the protocol counts on that: the sandbox's setting. */
const OFFSETS = ["+1s", "-1s", "+0.5s", "-0.5s"] as const;

const functions = (random: Random, until: number): readonly Action[] => {
  const actions: Action[] = [];
  for (let at = random.between(4, 12) * SECOND; at < until; at += random.between(5, 15) * SECOND)
    actions.push({ kind: "kill-function", at, name: random.pick(FUNCTIONS) });
  return actions;
};

const tables = (random: Random, until: number): readonly Action[] => {
  if (calmSpans(until).length > 0)
    return roughSpans(until).map(({ from }) => ({
      kind: "stop-tables",
      at: from + random.between(2, 40) * SECOND,
      seconds: random.whole(1, 5),
    }));
  const actions: Action[] = [];
  for (let at = random.between(15, 45) * SECOND; at < until; at += random.between(60, 120) * SECOND)
    actions.push({ kind: "stop-tables", at, seconds: random.whole(1, 5) });
  return actions;
};

const killSandbox = (random: Random, at: number): Action => ({
  kind: "kill-sandbox",
  at,
  seconds: random.whole(0, 4),
  clocks: { converge: random.pick(OFFSETS), api: random.pick(OFFSETS) },
});

/** From then on no process is killed that would ask again what it forgot. */
const isEarly = (at: number, until: number): boolean =>
  calmSpans(until).length === 0 || at < until / 2;
const FORGETS: ReadonlySet<string> = new Set(["activity", "sweep"]);
const mayBeKilled = (until: number) => (action: Action) =>
  action.kind !== "kill-function" || !FORGETS.has(action.name) || isEarly(action.at, until);

/** Every second rough time of a long plan has one, so that faults may last through the others. */
const sandboxes = (random: Random, until: number): readonly Action[] => {
  const [first] = calmSpans(until);
  if (first)
    return roughSpans(until)
      .filter(({ from }, index) => index % 2 === 0 && isEarly(from, until))
      .map(({ from }) => killSandbox(random, from + random.between(15, 24) * SECOND));
  const actions: Action[] = [];
  for (
    let at = random.between(25, 50) * SECOND;
    at < until;
    at += random.between(100, 160) * SECOND
  )
    actions.push(killSandbox(random, at));
  return actions;
};

export function moreKills(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (let at = random.between(8, 20) * SECOND; at < until; at += random.between(10, 30) * SECOND)
    actions.push({ kind: "kill-function", at, name: random.pick(MORE_FUNCTIONS) });
  return actions.filter(mayBeKilled(until));
}

export const kills = (random: Random, until: number): readonly Action[] => [
  ...functions(random, until).filter(mayBeKilled(until)),
  ...tables(random, until),
  ...sandboxes(random, until),
];
