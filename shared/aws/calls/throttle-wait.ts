/** How a throttled call waits in place. Times in milliseconds. */

/** How long a call waits in total. */
const PATIENCE_MS = 4_000;
const FIRST_PAUSE_MS = 100;
/**
 * The longest pause. If pauses doubled without limit, a call that has waited long would try less
 * often than new calls. It would fail while they succeed.
 */
const LONGEST_PAUSE_MS = 400;

export interface ThrottledCall {
  /** How many earlier attempts were throttled. */
  readonly tries: number;
  /** How long the call has waited so far. */
  readonly waited: number;
  /** How long the invocation can still wait, without the time it needs afterwards. */
  readonly left: number;
}

/**
 * The pause before the next attempt; undefined to give up.
 * @param fraction uniform in [0, 1), for jitter
 */
export function throttleWait(
  { tries, waited, left }: ThrottledCall,
  fraction: number,
): number | undefined {
  const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries);
  const wait = longest * (0.5 + fraction / 2);
  return waited + wait <= PATIENCE_MS && wait <= left ? wait : undefined;
}
