/** An answer about a person's access that has nothing beside the access. */
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";

/** Nothing keeps access from the person, no request waits, and other clusters have no grant. */
export const NOTHING_BESIDE: Pick<PersonAccessAnswer, "blocks" | "waiting" | "grantsElsewhere"> = {
  blocks: [],
  waiting: [],
  grantsElsewhere: 0,
};
