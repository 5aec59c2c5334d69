/** An answer about a person's access that has nothing beside the access. */
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";

/** Nothing keeps access from the person, no request waits or is new, and other clusters have no grant. */
export const NOTHING_BESIDE: Pick<
  PersonAccessAnswer,
  "blocks" | "waiting" | "grantsElsewhere" | "lately"
> = {
  blocks: [],
  waiting: [],
  grantsElsewhere: 0,
  lately: { since: "2026-11-23T10:05:00.000Z", requests: 0, approved: 0 },
};
