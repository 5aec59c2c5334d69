/**
 * The circuit breaker of one cluster. Repeated failures open it for a while. A cluster that does
 * not answer then delays only its own grants, and occupies no workers that other clusters need.
 * Afterwards everyone may try again; one more failure opens it again.
 */
import { plusSeconds } from "../values/instant.ts";

export interface Circuit {
  /** Consecutive failures, over all bindings of the cluster. */
  readonly failures: number;
  /** Nobody calls the cluster before this instant; null while the circuit is closed. */
  readonly openUntil: string | null;
}

export const CLOSED: Circuit = { failures: 0, openUntil: null };

const FAILURES_TO_OPEN = 5;
/** Less than the sweep's period, so every sweep after an outage may try again. */
const OPEN_SECONDS = 30;

export const isOpen = ({ openUntil }: Circuit, now: string): boolean =>
  openUntil !== null && now < openUntil;

export function afterFailure({ failures }: Circuit, now: string): Circuit {
  const more = failures + 1;
  return {
    failures: more,
    openUntil: more >= FAILURES_TO_OPEN ? plusSeconds(now, OPEN_SECONDS) : null,
  };
}
