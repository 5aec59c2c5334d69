import { armedFor, type FuseTime, withoutFuses, withSure } from "../../domain/entries/fuses.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { greatest, type Need } from "./need.ts";
import { ARMS_A_RUN, type OrderedFuses } from "./order-fuses.ts";
import { type PartOf, workMillis } from "./pass.ts";

/** A run stops arming with less work time left than this, in milliseconds. */
const LEAST_MILLIS = 2_500;

/** The part of a pass that arms timers. */
type Armer = PartOf<"run" | "binding" | "entry", "schedules" | "settings">;

interface ArmedRevocations {
  /** Grants whose end is armed, so they may begin. */
  readonly ready: ReadonlySet<string>;
  readonly need: Need;
  /** How many ends Scheduler refused to take. */
  readonly refused: number;
}

/** Arms the end of each grant that is about to begin. A grant without it gets no access. */
export async function armRevocations(
  armer: Armer,
  beginning: readonly AccessRequest[],
): Promise<ArmedRevocations> {
  const { ports, binding } = armer;
  const ready = new Set<string>();
  const refusals = new Refusals(armer);
  let need: Need = "settled";
  // Half of the time is kept for fuses and calls, so a run makes progress even if Scheduler is slow.
  const least = Math.max(LEAST_MILLIS, workMillis(armer) / 2);
  for (const [count, { id, revokeAt }] of beginning.entries()) {
    if (revokeAt === null) continue;
    if (count >= ARMS_A_RUN || workMillis(armer) <= least)
      return { ready, need: greatest(need, "yield"), refused: refusals.count };
    const armed = await refusals.unlessFailed(async () => {
      await ports.schedules.armRevocation(id, binding, revokeAt);
      return "armed" as const;
    });
    if (armed) ready.add(id);
    else need = greatest(need, "retry");
  }
  return { ready, need, refused: refusals.count };
}

export interface ArmedFuses {
  readonly ledger: Ledger;
  /** Targets for which Scheduler takes no fuse: their grants begin without one. */
  readonly without: ReadonlySet<string>;
  /** How many fuses Scheduler refused permanently. */
  readonly refused: number;
  /** How many it refused otherwise: their grants wait. */
  readonly untaken: number;
}

/** Arms recorded fuses. A fuse counts as armed only once Scheduler has confirmed it. */
export async function armFuses(
  armer: Armer,
  { ledger: recorded, orders }: OrderedFuses,
): Promise<ArmedFuses> {
  const { ports, entry } = armer;
  const { address } = entry;
  const refusals = new Refusals(armer);
  const without = new Set<string>();
  let ledger = recorded;
  let refused = 0;
  for (const order of orders) {
    const answer =
      workMillis(armer) < LEAST_MILLIS
        ? undefined
        : await refusals.unlessFailed(() => ports.schedules.armFuse({ ...order, address }));
    if (answer === undefined) continue;
    if (answer === "armed") ledger = withSure(ledger, order.name);
    else {
      ledger = withoutFuses(ledger, new Set([order.name]));
      without.add(order.target);
    }
    if (answer === "refused") refused += 1;
  }
  return { ledger, without, refused, untaken: refusals.count };
}

/** Targets whose wanted fuse is not confirmed: no grant begins there. */
export const missingIn = (
  { ledger, without }: ArmedFuses,
  wanted: readonly FuseTime[],
): ReadonlySet<string> =>
  new Set(
    wanted.flatMap((each) =>
      armedFor(ledger, each) || without.has(each.target) ? [] : each.target,
    ),
  );

/** Arms timers, and counts those that Scheduler refused: a quota, a right or a schedule group that is missing. */
class Refusals {
  readonly #armer: Armer;
  count = 0;

  constructor(armer: Armer) {
    this.#armer = armer;
  }

  async unlessFailed<Answer>(arm: () => Promise<Answer>): Promise<Answer | undefined> {
    const { run, binding } = this.#armer;
    try {
      return await arm();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      run.log("timer not armed", { binding, ...factsOf(error) });
      if (error.failure === "refused") this.count += 1;
      return undefined;
    }
  }
}
