/** Finds the calls that waited for others, from the times at which they reached AWS. Pure. */

/** A call, and when AWS took it up, in milliseconds. */
export interface TimedCall {
  readonly name: string;
  readonly at: number;
}

/** Calls that went out together: none of them waited for another one. */
export type Step = readonly TimedCall[];

/**
 * The steps up to the first call of a name. Each call is answered at least `apart` milliseconds after it
 * was sent, and so is taken up that much later than one whose answer it waited for.
 *
 * @param apart how long every answer was held back
 * @returns no step where there is no such call
 */
export function stepsUpTo(
  calls: readonly TimedCall[],
  last: string,
  apart: number,
): readonly Step[] {
  const inOrder = [...calls].sort((one, other) => one.at - other.at);
  const end = inOrder.findIndex(({ name }) => name === last);
  const steps: TimedCall[][] = [];
  for (const call of inOrder.slice(0, end + 1)) {
    const before = steps.findLastIndex((step) => step.some(({ at }) => at + apart <= call.at));
    const own = steps[before + 1];
    if (own) own.push(call);
    else steps.push([call]);
  }
  return steps;
}
