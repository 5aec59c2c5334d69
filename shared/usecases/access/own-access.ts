/** A person's access now on all clusters, as far as the tables know, for a page drawn at once. */
import { bindingKey } from "../../domain/entries/binding.ts";
import type { PersonAccess } from "../../domain/entries/effective-access.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { mayRead } from "../../domain/policy/request-rights.ts";
import { ACCESS_MAY_EXIST } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { type OwnStop, ownStop } from "../../domain/stops/own-stop.ts";
import type { Stopped } from "../../domain/stops/stops.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { accessOn, type EntryPorts, type Place, placesOf, readEntry } from "./entries-on-record.ts";

type OwnPorts = EntryPorts & Pick<FrontPorts, "stops" | "policy" | "clock">;

export interface OwnAccess extends Pick<PersonAccess, "at" | "access" | "unread" | "standingAsOf"> {
  /** The stop that keeps them from asking for more; undefined where nothing does. */
  readonly stop: OwnStop | undefined;
  /** Everybody who is stopped: decisions on their requests are refused. */
  readonly stopped: Stopped;
  /** The number of access entries that were left out of a long list. Those of `requests` are always shown. */
  readonly leftOut: number;
}

/** The most entries that are read at once. Each takes three reads. */
const MOST_ENTRIES = 30;

/** @param requests the person's own, as far as they were read: grants on other principals are found by them */
export async function readOwnAccess(
  ports: OwnPorts,
  { member }: Pick<Actor, "member">,
  requests: readonly AccessRequest[],
): Promise<OwnAccess> {
  const { policy, stops, clock } = ports;
  const at = clock.now();
  const granted = requests.filter(({ state }) => ACCESS_MAY_EXIST.has(state));
  const all = withGrantsFirst(placesOf(policy, member.principals, granted, undefined), granted);
  const [entries, stopped] = await Promise.all([
    Promise.all(all.slice(0, MOST_ENTRIES).map((place) => readEntry(ports, place, true, at))),
    stops.latest(),
  ]);
  return {
    at,
    ...accessOn(entries, (grant) => mayRead(policy, member, grant), at),
    stop: ownStop(policy, stopped, member.name),
    stopped,
    leftOut: Math.max(0, all.length - MOST_ENTRIES),
  };
}

function withGrantsFirst(places: readonly Place[], granted: readonly AccessRequest[]) {
  const bindings = new Set(
    granted.map(({ cluster, principalArn }) => bindingKey(cluster.arn, principalArn)),
  );
  const isGranted = ({ clusterArn, principalArn }: Place) =>
    bindings.has(bindingKey(clusterArn, principalArn));
  return [...places.filter(isGranted), ...places.filter((each) => !isGranted(each))];
}

/**
 * The access that something else gives on the entry of a grant of their own that was just ended. Undefined where it could
 * not be read: the end is stored by now, and a failed read must not look like its failure.
 */
export async function remainingOn(
  ports: OwnPorts,
  { member }: Pick<Actor, "member">,
  { cluster, principalArn }: AccessRequest,
): Promise<PersonAccess["access"] | undefined> {
  const at = ports.clock.now();
  const place = { clusterArn: cluster.arn, principalArn };
  try {
    const entry = await readEntry(ports, place, true, at);
    const { access } = accessOn([entry], (grant) => mayRead(ports.policy, member, grant), at);
    // A chain of grants ends as one, and what is not added yet does not remain.
    return access.filter(({ state }) => state === "there" || state === "may-be-there");
  } catch {
    return undefined;
  }
}
