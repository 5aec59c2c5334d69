import { type AutomaticLimit, tooManyAutomatic } from "../../../domain/policy/automatic-limit.ts";
import { countUpdate } from "../count-update.ts";
import type { Write } from "../transact.ts";

/** Counts one more automatic approval in its window, on condition that it is within the limit. */
export function automaticWrite(table: string, limit: AutomaticLimit): Write {
  const { person, rule, from, until, times } = limit;
  const window = { person, operation: `approve ${rule}`, from, until };
  return {
    item: { Update: countUpdate(table, window, times) },
    refused: (_reason, cause) => tooManyAutomatic(limit, { cause }),
  };
}
