/** Whom a stop keeps from acting. Converge refuses additions by itself, whatever is stored. */
import type { Member } from "../../domain/policy/policy.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import { type Stop, type Stopped, suspensionOf } from "../../domain/stops/stops.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { StopStore } from "../../ports/stop-store.ts";

interface Ports {
  readonly stops: Pick<StopStore, "latest">;
}

/** @throws BrokerError `suspended`: a suspended person ends their own access, and does no more */
export async function checkNotSuspended({ stops }: Ports, { name }: Member): Promise<void> {
  const stop = suspensionOf(await stops.latest(), name);
  if (stop) throw suspended(stop);
}

/** Whom a decision concerns besides its decider. */
interface Decided {
  readonly requester: string;
  /** For whom the decider decides; undefined where they decide for themself. */
  readonly delegator: string | undefined;
}

/**
 * Whether somebody may ask for access, or decide on it.
 * @param decided given for a decision
 * @throws BrokerError `suspended`, `drained`, `requester-suspended`, `delegator-suspended`
 */
export async function checkMayAct(
  { stops }: Ports,
  { name }: Member,
  decided?: Decided,
): Promise<void> {
  const stopped = await stops.latest();
  const own = suspensionOf(stopped, name);
  if (own) throw suspended(own);
  if (stopped.drain) throw drained(stopped.drain);
  if (decided) checkDecided(stopped, decided);
}

function checkDecided(stopped: Stopped, { requester, delegator = requester }: Decided): void {
  const own = suspensionOf(stopped, requester);
  if (own)
    throw new BrokerError(
      "requester-suspended",
      `${own.by} suspended ${requester}, so nobody decides on their requests. Nothing was changed; wait until another admin lifts it.`,
      { person: requester, by: own.by, at: own.at },
    );
  const theirs = suspensionOf(stopped, delegator);
  if (theirs)
    throw new BrokerError(
      "delegator-suspended",
      `${theirs.by} suspended ${delegator}, so nobody decides for them. Nothing was changed; have somebody else decide, or wait until another admin lifts it.`,
      { person: delegator, by: theirs.by, at: theirs.at },
    );
}

/** The refusal of an ask, for a preview too; undefined where nothing stops it. */
export async function stoppedAsk(ports: Ports, member: Member): Promise<RefusedAsk | undefined> {
  try {
    await checkMayAct(ports, member);
    return undefined;
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    const { code, message: detail, facts } = error;
    if (code !== "suspended" && code !== "drained") throw error;
    return { allowed: false, code, detail, facts };
  }
}

const suspended = ({ by, at, reason }: Stop): BrokerError =>
  new BrokerError(
    "suspended",
    `${by} suspended you: ${reason}. Nothing was stored; ask an admin other than ${by} to lift it.`,
    { by, at },
  );

const drained = ({ by, at, reason }: Stop): BrokerError =>
  new BrokerError(
    "drained",
    `${by} drained the broker: ${reason}. Nothing was stored; wait until another admin lifts it.`,
    { by, at },
  );
