/** Whether somebody may stop people, or lift that. The API asks, and converge asks again. */
import { type AccessPolicy, hasRole, memberOf } from "../policy/policy.ts";
import { BrokerError } from "../values/errors.ts";
import { liftersOf } from "./lifters.ts";
import { lifts, type Stop, type Stopped, type StopType, suspensionOf } from "./stops.ts";

/** The change that somebody wants. */
interface Change {
  readonly type: StopType;
  readonly actor: string;
  /** Null for everyone. */
  readonly person: string | null;
  /** Whether the actor asked by name for a stop that nobody could lift. A lift ignores it. */
  readonly evenIfNobodyCanLift?: boolean;
}

/**
 * @throws BrokerError `forbidden` unless an admin does it, `suspended` if that admin is suspended,
 *   `already-suspended`, `not-suspended`, `already-drained`, `not-drained`, `own-stop` where who
 *   stopped would lift it, and `nobody-could-lift` where nobody is left who could, unless that is
 *   asked for by name
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
  if (!lifts(change.type) && !change.evenIfNobodyCanLift) checkLiftable(policy, stopped, change);
}

/** A mistake, or one of two admins, would otherwise stop the broker until the next deployment. */
function checkLiftable(policy: AccessPolicy, stopped: Stopped, change: Change): void {
  const before = unliftable(policy, stopped);
  const stuck = unliftable(policy, stoppedAfter(stopped, change)).filter(
    (name) => !before.includes(name),
  );
  if (stuck.length === 0) return;
  const what = stuck
    .map((name) => (name === null ? "the drain" : `the suspension of ${name}`))
    .join(" and ");
  throw new BrokerError(
    "nobody-could-lift",
    `Nobody could lift ${what} then: no admin is left who did not stop it and is not suspended. Nothing was changed; ask for it by name if it has to be, or add an admin to access.yaml first.`,
    { stuck: stuck.map((name) => name ?? "everyone") },
  );
}

/** The stops that nobody may lift: names of people, and null for the drain. */
const unliftable = (policy: AccessPolicy, stopped: Stopped): readonly (string | null)[] =>
  [
    ...Object.entries(stopped.people).map(([name, stop]) => [name, stop] as const),
    ...(stopped.drain ? [[null, stopped.drain] as const] : []),
  ].flatMap(([name, { by }]) => (liftersOf(policy, stopped, by).length === 0 ? [name] : []));

/** The stops once the change is made. Only who did it matters here. */
function stoppedAfter({ people, drain }: Stopped, { actor: by, person }: Change): Stopped {
  const stop = { by, at: "", reason: "" };
  return person === null
    ? { people, drain: stop }
    : { people: { ...people, [person]: stop }, drain };
}

function checkSuspension(stop: Stop | undefined, { type, actor }: Change, person: string): void {
  if (type === "suspend" && stop)
    throw new BrokerError(
      "already-suspended",
      `${stop.by} has suspended ${person} since ${stop.at}. Nothing was changed; look at the list of suspensions.`,
      { person, by: stop.by, at: stop.at },
    );
  if (type === "suspend") return;
  if (!stop)
    throw new BrokerError(
      "not-suspended",
      `${person} is not suspended. Nothing was changed; look at the list of suspensions.`,
      { person },
    );
  if (stop.by === actor) throw ownStop(`You suspended ${person}`);
}

function checkDrain(stop: Stop | null, { type, actor }: Change): void {
  if (type === "drain" && stop)
    throw new BrokerError(
      "already-drained",
      `${stop.by} has drained the broker since ${stop.at}. Nothing was changed; look at the list of suspensions for the reason.`,
      { by: stop.by, at: stop.at },
    );
  if (type === "drain") return;
  if (!stop)
    throw new BrokerError(
      "not-drained",
      "The broker is not drained. Nothing was changed; look at the list of suspensions.",
    );
  if (stop.by === actor) throw ownStop("You drained the broker");
}

const ownStop = (what: string): BrokerError =>
  new BrokerError(
    "own-stop",
    `${what}, so another admin lifts it. Nothing was changed; ask another admin to.`,
  );
