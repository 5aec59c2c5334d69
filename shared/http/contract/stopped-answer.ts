import { liftClause } from "../../domain/stops/lifters.ts";
import type { OwnStop } from "../../domain/stops/own-stop.ts";

/** Why the caller can ask for nothing now. */
export interface StoppedAnswer {
  /** The problem that refuses every request: `suspended` or `drained`. */
  readonly code: OwnStop["code"];
  /** Says who stopped the caller or everyone, why, and who can lift it. */
  readonly detail: string;
  /** Admins who may lift it: never who stopped, nor anybody who is suspended. */
  readonly liftedBy: readonly string[];
  /** Whether the caller is one of them. */
  readonly mayLift: boolean;
}

export const stoppedAnswer = (stop: OwnStop): StoppedAnswer => ({
  code: stop.code,
  detail: textOf(stop),
  liftedBy: stop.liftedBy,
  mayLift: stop.mayLift,
});

const DONE = { suspended: "suspended you", drained: "drained the broker" } as const;

const textOf = (stop: OwnStop): string =>
  `${stop.by} ${DONE[stop.code]}: ${stop.reason}. You can ask for nothing now; ${liftClause(stop)}.`;
