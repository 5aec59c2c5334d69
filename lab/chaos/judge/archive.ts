import { attackedIds } from "./attacked.ts";
import type { Judgement, Seen } from "./seen.ts";

const COUNT = /does not hold: (\d+) faults?\b/;
/** A line about the chain of a request. */
const OF_REQUEST = /\b(?:AUDIT|EVID)#([\da-f-]{36}): /;

/** Whether all that does not verify is the history of attacked requests: that shows what somebody forged. */
function isForged(detail: string, attacked: ReadonlySet<string>): boolean {
  const named = detail.split("\n").flatMap((line) => OF_REQUEST.exec(line)?.[1] ?? []);
  const count = Number(COUNT.exec(detail)?.[1]);
  return named.length === count && named.every((id) => attacked.has(id));
}

function judge(seen: Seen) {
  const attacked = attackedIds(seen);
  return (seen.archive ?? [])
    .filter((detail) => !isForged(detail, attacked))
    .map((detail) => ({ at: seen.settledAt, detail }));
}

export const ARCHIVE: Judgement = {
  sentence: "The archive of two days verifies, with its seals, and replays as it was decided.",
  judge,
  applies: ({ archive }) => archive !== undefined,
};
