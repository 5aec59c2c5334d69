/** Functions with concurrency of their own, where the account's limit allows it. */
import type { StackSettings } from "./settings.ts";

/**
 * Lambda keeps so much for functions that reserve nothing, and refuses a stack that would leave less.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const LEFT_FOR_OTHERS = 100;

type Reserving = "converge" | "sweep" | "ticket-sweep" | "archive" | "standing" | "activity";

/**
 * Converge and the sweep take access away, so that nobody who calls the API may keep them from
 * running. Outside starts ticket-sweep, as often as it likes, and takes no place of the sweep or of who faces people.
 * Another function that a clock starts runs one at a time, so that activity pays for a query once. Runs that overlap do no harm: that is why a small account needs none of it.
 */
const reservations = (
  settings: Pick<StackSettings, "convergeConcurrency">,
): Readonly<Record<Reserving, number>> => ({
  converge: settings.convergeConcurrency,
  sweep: 1,
  "ticket-sweep": 2,
  archive: 1,
  standing: 1,
  activity: 1,
});

/** The least limit of an account in which functions reserve concurrency. */
export const leastConcurrency = (settings: Pick<StackSettings, "convergeConcurrency">): number =>
  LEFT_FOR_OTHERS + Object.values(reservations(settings)).reduce((sum, one) => sum + one, 0);

/** How much a function reserves; undefined in an account whose limit leaves no room for it. */
export function reservedConcurrency(
  name: string,
  settings: Pick<StackSettings, "convergeConcurrency" | "lambdaConcurrency">,
): number | undefined {
  if (settings.lambdaConcurrency < leastConcurrency(settings)) return undefined;
  return (reservations(settings) as Readonly<Record<string, number>>)[name];
}
