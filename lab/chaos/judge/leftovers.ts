import type { Judgement, Seen } from "./seen.ts";

const judge = ({ leftovers, settledAt }: Seen) =>
  leftovers.map((one) => ({ at: settledAt, detail: one }));

export const LEFTOVERS: Judgement = { sentence: "No process, port or file is left.", judge };
