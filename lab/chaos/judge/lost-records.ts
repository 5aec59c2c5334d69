import type { Seen } from "./seen.ts";

/** A rule is set before its deed is answered, and EKS's clock and the broker's differ by a second. */
const AROUND_MS = 2_000;

/**
 * Whether CloudTrail may have lost the record of a call in this way.
 *
 * @param at when the call was made or answered. Milliseconds since 1970
 * @param effect `lose` for good; `lose-event` where LookupEvents has it and EventBridge does not
 */
export const mayBeLost = (
  at: number,
  effect: "lose" | "lose-event",
  { deeds }: Pick<Seen, "deeds">,
): boolean =>
  deeds.some(
    ({ action, from }) =>
      action.kind === "aws-fault" &&
      action.rule["effect"] === effect &&
      at >= from - AROUND_MS &&
      at <= from + action.seconds * 1_000 + AROUND_MS,
  );
