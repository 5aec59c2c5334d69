/** When an administrator restores tables, which ones, and whether they drain the broker first. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";
import { calmSpans, roughSpans } from "./calm.ts";

const SECOND = 1_000;

const CHOICES = [["ledger"], ["requests"], ["requests", "ledger"]] as const;
/** How often the runbook's drain comes first. */
const DRAINED = 0.4;

/**
 * One restore, in the last rough span: what comes before it is judged as ever. A plan without calm has none, since the
 * new deployment takes half a minute.
 *
 * @param until when the plan ends, in milliseconds
 */
export function restores(random: Random, until: number): readonly Action[] {
  const rough = roughSpans(until).at(-1);
  if (calmSpans(until).length === 0 || rough === undefined) return [];
  return [
    {
      ...{ kind: "restore-tables", at: rough.from + random.between(2, 8) * SECOND },
      ...{ tables: random.pick(CHOICES), seconds: random.whole(15, 60) },
      isDrained: random.chance(DRAINED),
    },
  ];
}
