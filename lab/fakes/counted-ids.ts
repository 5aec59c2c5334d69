import type { Ids } from "../../shared/ports/ids.ts";

/** Ids and tokens that count up from 1. */
export function countedIds(): Ids {
  let ids = 0;
  let tokens = 0;
  return {
    newId: () => {
      ids += 1;
      return countedId(ids);
    },
    newToken: () => {
      tokens += 1;
      return `token-${String(tokens).padStart(6, "0")}`;
    },
  };
}

/** The n-th id, in the form of a UUIDv7. */
export const countedId = (n: number) => `01935e00-0000-7000-8000-${String(n).padStart(12, "0")}`;
