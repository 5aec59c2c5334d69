/** Keeps stopped people from acting. Converge refuses additions by itself, whatever is stored. */
import type { AccessPolicy, Member } from "../../domain/policy/policy.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import { liftClause, liftOf } from "../../domain/stops/lifters.ts";
import { type OwnStop, ownStop } from "../../domain/stops/own-stop.ts";
import { type Stopped, suspensionOf } from "../../domain/stops/stops.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { StopStore } from "../../ports/stop-store.ts";

interface Ports {
  readonly stops: Pick<StopStore, "latest">;
  readonly policy: AccessPolicy;
}

/** The stop that keeps a member from asking; undefined without one. */
export const stopOf = async ({ stops, policy }: Ports, { name }: Member) =>
  ownStop(policy, await stops.latest(), name);

/** @throws BrokerError `suspended`: a suspended person ends their own access, and does no more */
export async function checkNotSuspended(ports: Ports, member: Member): Promise<void> {
  const stop = await stopOf(ports, member);
  if (stop?.code === "suspended") throw refusalOf(stop);
}

/** The people that a decision concerns, besides its decider. */
interface Decided {
  readonly requester: string;
  /** The delegator for whom the decider decides; undefined if they decide for themself. */
  readonly delegator: string | undefined;
}

/**
 * Whether somebody may ask for access, or decide on it.
 * @param decided given for a decision
 * @throws BrokerError `suspended`, `drained`, `requester-suspended`, `delegator-suspended`
 */
export async function checkMayAct(
  { stops, policy }: Ports,
  { name }: Member,
  decided?: Decided,
): Promise<void> {
  const stopped = await stops.latest();
  const own = ownStop(policy, stopped, name);
  if (own) throw refusalOf(own);
  if (decided) checkDecided(policy, stopped, name, decided);
}

/** @param decider who reads the refusal */
function checkDecided(
  policy: AccessPolicy,
  stopped: Stopped,
  decider: string,
  { requester, delegator = requester }: Decided,
): void {
  const own = suspensionOf(stopped, requester);
  if (own) {
    const lift = liftOf(policy, stopped, own.by, decider);
    throw new BrokerError(
      "requester-suspended",
      `${own.by} suspended ${requester}, so nobody decides on their requests. Nothing was changed; wait until it is lifted: ${liftClause(lift)}.`,
      { person: requester, by: own.by, at: own.at, ...lift },
    );
  }
  const theirs = suspensionOf(stopped, delegator);
  if (!theirs) return;
  const lift = liftOf(policy, stopped, theirs.by, decider);
  throw new BrokerError(
    "delegator-suspended",
    `${theirs.by} suspended ${delegator}, so nobody decides for them. Nothing was changed; have somebody else decide, or wait until it is lifted: ${liftClause(lift)}.`,
    { person: delegator, by: theirs.by, at: theirs.at, ...lift },
  );
}

/** The refusal of an ask, for a preview too; undefined without a stop. */
export async function stoppedAsk(ports: Ports, member: Member): Promise<RefusedAsk | undefined> {
  const stop = await stopOf(ports, member);
  if (!stop) return undefined;
  const { message: detail, facts } = refusalOf(stop);
  return { allowed: false, code: stop.code, detail, facts };
}

function refusalOf(stop: OwnStop): BrokerError {
  const { by, at, reason, code, liftedBy, mayLift } = stop;
  const way = liftClause(stop);
  const facts = { by, at, liftedBy, mayLift };
  return code === "suspended"
    ? new BrokerError(
        "suspended",
        `${by} suspended you: ${reason}. Nothing was stored; wait until it is lifted: ${way}.`,
        facts,
      )
    : new BrokerError(
        "drained",
        `${by} drained the broker: ${reason}. Nothing was stored; wait until it is lifted: ${way}.`,
        facts,
      );
}
