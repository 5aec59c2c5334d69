/** Whether somebody may stop people, or lift that. The API asks, and converge asks again. */
import { type AccessPolicy, hasRole, memberOf } from "../policy/policy.ts";
import { BrokerError } from "../values/errors.ts";
import { type Stop, type Stopped, type StopType, suspensionOf } from "./stops.ts";

/** The change that somebody wants. */
interface Change {
  readonly type: StopType;
  readonly actor: string;
  /** Null for everyone. */
  readonly person: string | null;
}

/**
 * @throws BrokerError `forbidden` unless an admin does it, `suspended` if that admin is suspended,
 *   `already-suspended`, `not-suspended`, `already-drained`, `not-drained`, and `own-stop` where who
 *   stopped would lift it
 */
export function checkStop(policy: AccessPolicy, stopped: Stopped, change: Change): void {
  const member = memberOf(policy, change.actor);
  if (!member || !hasRole(policy, member, "admins"))
    throw new BrokerError(
      "forbidden",
      "Only admins may suspend people, drain the broker, or lift that. Nothing was changed; ask one of them.",
    );
  const own = suspensionOf(stopped, change.actor);
  if (own)
    throw new BrokerError(
      "suspended",
      `${own.by} suspended you, so you cannot do this. Nothing was changed; ask another admin.`,
    );
  if (change.person === null) checkDrain(stopped.drain, change);
  else checkSuspension(suspensionOf(stopped, change.person), change, change.person);
}

function checkSuspension(stop: Stop | undefined, { type, actor }: Change, person: string): void {
  if (type === "suspend" && stop)
    throw new BrokerError(
      "already-suspended",
      `${stop.by} has suspended ${person} since ${stop.at}. Nothing was changed; see who is suspended with timelatch suspensions.`,
      { person, by: stop.by, at: stop.at },
    );
  if (type === "suspend") return;
  if (!stop)
    throw new BrokerError(
      "not-suspended",
      `${person} is not suspended. Nothing was changed; see who is with timelatch suspensions.`,
      { person },
    );
  if (stop.by === actor) throw ownStop(`You suspended ${person}`);
}

function checkDrain(stop: Stop | null, { type, actor }: Change): void {
  if (type === "drain" && stop)
    throw new BrokerError(
      "already-drained",
      `${stop.by} has drained the broker since ${stop.at}. Nothing was changed; see why with timelatch suspensions.`,
      { by: stop.by, at: stop.at },
    );
  if (type === "drain") return;
  if (!stop)
    throw new BrokerError(
      "not-drained",
      "The broker is not drained. Nothing was changed; see who is suspended with timelatch suspensions.",
    );
  if (stop.by === actor) throw ownStop("You drained the broker");
}

const ownStop = (what: string): BrokerError =>
  new BrokerError(
    "own-stop",
    `${what}, so another admin lifts it. Nothing was changed; ask another admin to.`,
  );
