/**
 * A cluster's circuit. After some failures in a row it opens for a while, so that a cluster that
 * does not answer costs its own grants their time and nobody else's: each worker that waits for
 * it is one that others lack. Then everyone may try again; one failure more opens it anew.
 */
import { plusSeconds } from "../values/instant.ts";

export interface Circuit {
  /** In a row, over all bindings of the cluster. */
  readonly failures: number;
  /** Nobody calls before this instant; null while it is closed. */
  readonly openUntil: string | null;
}

export const CLOSED: Circuit = { failures: 0, openUntil: null };

const FAILURES_TO_OPEN = 5;
/** Less than a sweep's period, so that every sweep after an outage finds the circuit passable. */
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
