import type { Judgement, Seen, Violation } from "./seen.ts";

/** Receives after which a queue gives up a message: the smallest number of all queues. */
const RECEIVES = 5;

const FAILS_RUNS: ReadonlySet<string> = new Set([
  ...["kill-function", "stop-function", "kill-sandbox", "stop-tables", "restore-tables"],
]);

/** How many runs were ended from outside: killed, without tables, or over their time on a slow machine. */
const endedRuns = ({ deeds, slow }: Seen): number =>
  slow.length + deeds.filter(({ action }) => FAILS_RUNS.has(action.kind)).length;

/** Every dead letter, in words. */
export const deadLettersOf = ({ deadLetters }: Seen): readonly string[] =>
  Object.entries(deadLetters).flatMap(([queue, bodies]) =>
    bodies.map((body) => `${queue} holds ${body}`),
  );

const judge = (seen: Seen): readonly Violation[] =>
  endedRuns(seen) >= RECEIVES
    ? []
    : deadLettersOf(seen).map((detail) => ({ at: seen.settledAt, detail }));

export const DEAD_LETTERS: Judgement = {
  sentence: "No message is dead, but for those whose runs were ended from outside.",
  judge,
};
