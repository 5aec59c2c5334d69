/** How far ahead a rule lends, and how long its requests wait for a decision. In seconds. */

/** How far ahead a start may lie unless its rule says less; no rule says more. */
export const LATEST_START_SECONDS = 30 * 86_400;

/** How long a request waits for a decision unless its rule says otherwise. */
export const USUAL_LAPSE_SECONDS = 86_400;

/** The shortest time that a rule may say: an approver has to see the request first. */
export const SHORTEST_LAPSE_SECONDS = 60;

/** The longest time that a rule may say: what nobody decided in a week is better asked again. */
export const LONGEST_LAPSE_SECONDS = 7 * 86_400;
