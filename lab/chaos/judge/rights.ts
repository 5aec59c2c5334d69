import type { Judgement, Seen } from "./seen.ts";

const judge = ({ refusedCalls, settledAt }: Seen) =>
  refusedCalls.map((one) => ({ at: settledAt, detail: one, isFinal: true as const }));

/** An intruder's session has another role, which has the function's rights. */
export const RIGHTS: Judgement = {
  sentence: "No function lacks a right for what it calls.",
  judge,
};
