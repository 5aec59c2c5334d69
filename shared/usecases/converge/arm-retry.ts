import type { Settings } from "../../domain/settings.ts";
import { floorTo, latest, plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { type ConvergeRun, factsOf } from "./converge-run.ts";
import { lastingTickets } from "./ending-tickets.ts";
import type { PartOf } from "./pass.ts";
import { isLeft, type Snapshot, snapshotOf } from "./snapshot.ts";

/**
 * Lets Scheduler send the binding once more if access is left, if a grant ends within the difference of two
 * clocks, as its schedule may have fired already, or if access ends with a ticket. The sweep usually finds the binding
 * sooner. But it goes by the binding's head, which others can write.
 */
export async function armRetry(
  pass: PartOf<
    "grants" | "held" | "now" | "run" | "binding",
    "schedules" | "clock" | "settings" | "policy"
  >,
): Promise<void> {
  const { ports, binding, run } = pass;
  const known = snapshotOf(pass);
  const next = nextAttempt(ports.clock.now());
  const watched = lastingTickets(ports, { ...known, grants: known.open });
  const at = isLeft(known)
    ? next
    : (afterEnd(known, ports.settings) ?? (watched.size > 0 ? next : undefined));
  if (at !== undefined) await armAttempt(ports, binding, run, at);
}

const RETRY_SECONDS = 300;

/** The next instant but one at which attempts are made. So attempts of one binding share their schedules. */
const nextAttempt = (now: string): string =>
  plusSeconds(floorTo(now, RETRY_SECONDS), 2 * RETRY_SECONDS);

/** Lets Scheduler send a binding once more. Without it the sweep still does. */
export async function armAttempt(
  { schedules, clock }: Pick<ConvergePorts, "schedules" | "clock">,
  binding: string,
  { log }: Pick<ConvergeRun, "log">,
  at = nextAttempt(clock.now()),
): Promise<void> {
  try {
    await schedules.armRetry(binding, at);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    log("retry not armed", { binding, ...factsOf(error) });
  }
}

/** The instant at which the last grant that ends within the difference of two clocks has ended by either clock. */
function afterEnd(
  { open, ledger, now }: Snapshot,
  { clockDifferenceSeconds }: Settings,
): string | undefined {
  const soon = open.flatMap(({ id, revokeAt }) => {
    const isSoon =
      revokeAt !== null &&
      Object.hasOwn(ledger.begun, id) &&
      revokeAt > now &&
      secondsBetween(now, revokeAt) <= clockDifferenceSeconds;
    return isSoon ? revokeAt : [];
  });
  const last = latest(soon);
  return last && plusSeconds(last, clockDifferenceSeconds);
}
