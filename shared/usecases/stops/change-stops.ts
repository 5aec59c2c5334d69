import { bindingKey } from "../../domain/entries/binding.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { hasRole, memberOf } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { checkStop } from "../../domain/stops/judge-stop.ts";
import { stopOfGrant } from "../../domain/stops/stopped-grant.ts";
import {
  afterStop,
  lifts,
  NO_STOPS,
  type StopDraft,
  type Stopped,
  type Stops,
  type StopType,
  stopsAfter,
} from "../../domain/stops/stops.ts";
import { isStopRecord } from "../../domain/stops/stored-stops.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { meantBefore } from "../../domain/values/nearest-text.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { MOST_STOPS } from "../../ports/stop-store.ts";
import { wakeConverge } from "../requests/wake-converge.ts";

export interface StopsChange {
  /** The people who are stopped now. */
  readonly stops: Stops;
  /** Grants that end because of it; undefined for a lift, and if they could not be listed. */
  readonly ending?: readonly AccessRequest[];
}

/**
 * An admin suspends a person or drains the broker, or lifts a stop of another admin. Converge then ends the grants.
 * It is woken for each of them, and finds the others by itself.
 *
 * @param person null for everyone
 * @param evenIfNobodyCanLift stops although nobody would be left who may lift it
 * @throws BrokerError `person-not-found`, `dependency-unavailable`, and what `checkStop` throws
 */
export async function changeStops(
  ports: FrontPorts,
  { member, surface, proof }: Actor,
  type: StopType,
  person: string | null,
  reason: string,
  evenIfNobodyCanLift = false,
): Promise<StopsChange> {
  const { policy, clock, stops } = ports;
  const isKnown = person === null || type === "lift" || memberOf(policy, person) !== undefined;
  if (!isKnown) {
    const name = person.slice(0, 40);
    // Only an admin may learn who else is in the file.
    const known = hasRole(policy, member, "admins") ? Object.keys(policy.people) : [];
    throw new BrokerError(
      "person-not-found",
      `access.yaml has no person ${name}. ${meantBefore(name, known)}Nothing was changed; write the name as it is there.`,
    );
  }
  const draftAfter = (before: Stopped): StopDraft => {
    const change = { type, actor: member.name };
    checkStop(policy, before, { ...change, person, evenIfNobodyCanLift });
    const asked = evenIfNobodyCanLift ? ({ evenIfNobodyCanLift } as const) : {};
    const details = { person, reason, surface, proof, ...asked };
    return { ...change, at: clock.now(), policyHash: policy.hash, details };
  };
  const record = await stops.append(draftAfter).catch(async (error: unknown) => {
    if (!(error instanceof BrokerError && ALREADY.has(error.code))) throw error;
    const recorded = await recordedStops(stops);
    return await stops.append(() => draftAfter(recorded));
  });
  const after = stopsAfter(record);
  if (lifts(type)) return { stops: after };
  if (person !== null) await wakeEntries(ports, person);
  // The stop is stored by now, so a list that fails must not look like its failure.
  const woken = await wakeStopped(ports, after).catch(() => undefined);
  const stop = person === null ? after : { ...after, people: only(after.people, person) };
  const ending = woken?.filter((grant) => stopOfGrant(policy, stop, grant));
  return { stops: after, ...(ending ? { ending } : {}) };
}

const ALREADY: ReadonlySet<string> = new Set(["already-suspended", "already-drained"]);

/**
 * The people whom records stopped and none lifted. The last record also says it, and others may have written that: a stop
 * that it makes up must not keep an admin from making it.
 */
async function recordedStops(stops: FrontPorts["stops"]): Promise<Stopped> {
  let stopped: Stops = NO_STOPS;
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const records = await stops.since(stopped.seq);
    for (const record of records)
      if (isStopRecord(record))
        stopped = { ...afterStop(stopped, record), seq: record.seq, hash: record.hash };
    if (records.length < MOST_STOPS) break;
  }
  return stopped;
}

/** More records than people make in years. */
const MOST_READS = 10;

const only = (people: Stops["people"], name: string): Stops["people"] =>
  people[name] ? { [name]: people[name] } : {};

/**
 * Wakes converge for each entry that the person may have, by its key. Others can write what lists
 * grants, so that no list has them. A drain would wake too many entries.
 */
async function wakeEntries({ policy, queue }: FrontPorts, person: string): Promise<void> {
  const principals = memberOf(policy, person)?.principals ?? [];
  const bindings = Object.values(policy.clusters).flatMap(({ arn }) =>
    principals.map((principalArn) => bindingKey(arn, principalArn)),
  );
  await Promise.all(
    bindings.map((binding) => queue.send(binding, "stopped").catch(() => undefined)),
  );
}

/** A grant that gets no message is ended by converge at its binding's next drift check. */
async function wakeStopped(ports: FrontPorts, stops: Stops): Promise<readonly AccessRequest[]> {
  const { requests, policy } = ports;
  const ending: AccessRequest[] = [];
  const isStopped = (grant: Parameters<typeof stopOfGrant>[2]) =>
    stopOfGrant(policy, stops, grant) !== undefined;
  let after: string | undefined;
  do {
    const page = { limit: 100, ...(after === undefined ? {} : { after }) };
    const { items, next } = await requests.grants(page, isStopped);
    await Promise.all(items.map((grant) => wakeConverge(ports, grant, "stopped")));
    ending.push(...items);
    after = next;
  } while (after !== undefined);
  return ending;
}
