/**
 * Gives each answer a minute at least where the product waits a second or more. A process that waits for the processor
 * would otherwise look like a service that does not answer. Tests of a limit set one below a second.
 */
import { afterAll } from "vitest";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

const timeout = AbortSignal.timeout;
AbortSignal.timeout = (milliseconds) =>
  timeout.call(
    AbortSignal,
    milliseconds < SECOND_MS ? milliseconds : Math.max(milliseconds, MINUTE_MS),
  );
afterAll(() => {
  AbortSignal.timeout = timeout;
});
