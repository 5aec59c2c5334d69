import { armedFor, type FuseTime, withoutFuses, withSure } from "../../domain/entries/fuses.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Fuse, Ledger } from "../../domain/entries/ledger.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { greatest, type Need } from "./need.ts";
import { type Pass, workMillis } from "./pass.ts";

/**
 * The most timers that one run arms. The rest waits for the next run; no removal waits for them.
 */
const ARMS_A_RUN = 10;

/** A run stops arming with less work time left than this, in milliseconds. */
const LEAST_MILLIS = 2_500;

export interface ArmedRevocations {
  /** Grants whose end is armed, so they may begin. */
  readonly ready: ReadonlySet<string>;
  readonly need: Need;
}

/** Arms the end of each grant that is about to begin. A grant without it gets no access. */
export async function armRevocations(
  pass: Pass,
  beginning: readonly AccessRequest[],
): Promise<ArmedRevocations> {
  const ready = new Set<string>();
  let need: Need = "settled";
  // Half of the time is kept for fuses and calls, so a run makes progress even if Scheduler is slow.
  const least = Math.max(LEAST_MILLIS, workMillis(pass) / 2);
  for (const [count, { id, revokeAt }] of beginning.entries()) {
    if (revokeAt === null) continue;
    if (count >= ARMS_A_RUN || workMillis(pass) <= least)
      return { ready, need: greatest(need, "yield") };
    const armed = await unlessFailed(pass, async () => {
      await pass.ports.schedules.armRevocation(id, pass.binding, revokeAt);
      return "armed" as const;
    });
    if (armed) ready.add(id);
    else need = greatest(need, "retry");
  }
  return { ready, need };
}

export interface ArmedFuses {
  readonly ledger: Ledger;
  /** Targets whose wanted fuse is not confirmed: no grant begins there. */
  readonly missing: ReadonlySet<string>;
  readonly need: Need;
  /** How many fuses Scheduler refused permanently. */
  readonly refused: number;
}

/**
 * Arms fuses, each under a name that is used only once. The ledger records a fuse before it is
 * created, and counts it as armed only once Scheduler has confirmed it.
 */
export async function armFuses(
  pass: Pass,
  planned: Ledger,
  wanted: readonly FuseTime[],
): Promise<ArmedFuses> {
  const unarmed = wanted.filter((each) => !armedFor(planned, each));
  const orders = unarmed.slice(0, ARMS_A_RUN).map((each) => orderOf(pass, each));
  if (orders.length === 0)
    return { ledger: planned, missing: new Set(), need: "settled", refused: 0 };
  const doubtful = { ...planned, fuses: [...planned.fuses, ...orders] };
  await pass.held.save(doubtful);
  let ledger: Ledger = { ...doubtful, revision: pass.held.current.revision };
  const missing = new Set(unarmed.map(({ target }) => target));
  let refused = 0;
  for (const order of orders) {
    const answer =
      workMillis(pass) < LEAST_MILLIS
        ? undefined
        : await unlessFailed(pass, () =>
            pass.ports.schedules.armFuse({ ...order, address: pass.address }),
          );
    if (answer === undefined) continue;
    missing.delete(order.target);
    ledger =
      answer === "armed"
        ? withSure(ledger, order.name)
        : withoutFuses(ledger, new Set([order.name]));
    if (answer === "refused") refused += 1;
  }
  pass.held.know(ledger);
  return { ledger, missing, need: missing.size > 0 ? "retry" : "settled", refused };
}

/** A new name for every fuse, so that a late deletion cannot hit a fuse that was armed since. */
function orderOf({ ports, binding, run }: Pass, { target, at }: FuseTime): Fuse {
  const name = `f-${sha256(`${binding}${target}${ports.ids.newToken()}`).slice(0, 40)}`;
  const runEnd = plusSeconds(ports.clock.now(), run.millisLeft() / 1_000);
  return { name, target, at, sure: false, landsUntil: landedBy(runEnd, ports.settings) };
}

async function unlessFailed<Answer>(
  { run, binding }: Pass,
  arm: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await arm();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("timer not armed", { binding, ...factsOf(error) });
    return undefined;
  }
}
