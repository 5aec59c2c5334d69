import type { Judgement, Seen } from "./seen.ts";

const judge = ({ deadLetters, settledAt }: Seen) =>
  Object.entries(deadLetters).flatMap(([queue, bodies]) =>
    bodies.map((body) => ({ at: settledAt, detail: `${queue} holds ${body}` })),
  );

export const DEAD_LETTERS: Judgement = { sentence: "No message is dead.", judge };
