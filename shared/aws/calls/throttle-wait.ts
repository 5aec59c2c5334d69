/** How a throttled call waits where it is. Times in milliseconds. */

/** How long a throttle is waited out in place, all in all. */
const PATIENCE_MS = 4_000;
const FIRST_PAUSE_MS = 100;
/**
 * The longest pause. Were they to double without end, a call that has waited for long would ask
 * ever less often than those that have just come, and be given up while they pass it by.
 */
const LONGEST_PAUSE_MS = 400;

export interface ThrottledCall {
  /** How many attempts of it were throttled before this one. */
  readonly tries: number;
  /** How long it has waited so far. */
  readonly waited: number;
  /** How long the invocation may still wait; what it needs afterwards is not in it. */
  readonly left: number;
}

/**
 * The pause before the next attempt; undefined where the call is to be given up.
 * @param fraction uniform in [0, 1): jitter
 */
export function throttleWait(
  { tries, waited, left }: ThrottledCall,
  fraction: number,
): number | undefined {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  const wait = longest * (0.5 + fraction / 2);
  return waited + wait <= PATIENCE_MS && wait <= left ? wait : undefined;
}
