declare const VERIFIED: unique symbol;

/**
 * A verified value without a fault. Only `faultless` makes one: a sentence that takes it cannot
 * overlook a fault.
 */
export type Faultless<Found> = Found & { readonly [VERIFIED]: true };

/** Undefined where what was verified has a fault. */
export const faultless = <Found extends { readonly faults: readonly unknown[] }>(
  found: Found,
): Faultless<Found> | undefined =>
  found.faults.length === 0 ? (found as Faultless<Found>) : undefined;
