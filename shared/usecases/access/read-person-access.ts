/** A person's access now, as far as the tables know: by their grants and by standing access. */
import type { PersonAccess } from "../../domain/entries/effective-access.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { owns } from "../../domain/policy/machines.ts";
import {
  type AccessPolicy,
  clusterNamed,
  hasRole,
  type Member,
  matchesWho,
  memberOf,
} from "../../domain/policy/policy.ts";
import { mayRead } from "../../domain/policy/request-rights.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError, noCluster } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { meantBefore } from "../../domain/values/nearest-text.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import { delegatorsOf } from "../delegations/held-delegations.ts";
import { accessOn, placesOf, type ReadEntry, readEntry } from "./entries-on-record.ts";
import { LATELY_SECONDS, readOpen } from "./open-requests.ts";
import { readBlocks } from "./read-blocks.ts";

type AccessPorts = Pick<
  ApiPorts,
  "requests" | "delegations" | "standing" | "stops" | "policy" | "clock" | "settings"
>;

/**
 * @param cluster a cluster's name, to know standing access there as well; undefined for grants on all of them
 * @throws BrokerError `person-not-found` also if the reader may know nothing of the person, and if the person is
 *   not in the policy and has no open grant; `cluster-not-found`
 */
export async function readPersonAccess(
  ports: AccessPorts,
  { member: reader }: Actor,
  name: string,
  cluster: string | undefined,
): Promise<PersonAccess> {
  const { policy, clock } = ports;
  if (cluster !== undefined && !clusterNamed(policy, cluster))
    throw noCluster(cluster, clustersKnownTo(policy, reader));
  const member = memberOf(policy, name);
  const at = clock.now();
  const isWhole = seesAll(policy, reader, name);
  const delegators = isWhole ? [] : await delegatorsOf(ports, reader);
  const isSeen = (grant: AccessRequest) => mayRead(policy, reader, grant, delegators);
  const open = await readOpen(ports, { name, cluster, at });
  const waiting = open.pending.filter(isSeen);
  // A person who has left the file may still have open grants.
  const places = placesOf(policy, member?.principals ?? [], open.granted, cluster);
  const asksStanding = cluster !== undefined && isWhole;
  const read = await Promise.all(places.map((place) => readEntry(ports, place, asksStanding, at)));
  const isKnown = member !== undefined || places.length > 0;
  const elsewhere = open.elsewhere.filter(isSeen);
  const lately = open.lately.filter(isSeen);
  const seen = [...waiting, ...elsewhere, ...read.flatMap(({ grants }) => grants.filter(isSeen))];
  if (!isKnown || !(isWhole || seen.length > 0))
    throw notFound(name, isWhole ? Object.keys(policy.people) : []);
  const asked = { name, member, reader: reader.name, isWhole, cluster, waiting, at };
  const principals = places.map(({ principalArn }) => principalArn);
  return {
    person: name,
    at,
    cluster: cluster ?? null,
    waiting,
    ...accessOn(isWhole ? read : onlySeen(read, isSeen), isSeen, at),
    blocks: await readBlocks(ports, { ...asked, principals: [...new Set(principals)] }),
    grantsElsewhere: cluster === undefined ? null : elsewhere.length,
    lately: {
      since: plusSeconds(at, -LATELY_SECONDS),
      requests: lately.length,
      approved: lately.filter(({ approvedAt }) => approvedAt !== null).length,
    },
  };
}

/** The person themself, owners of the machine, and readers of everything. */
const seesAll = (policy: AccessPolicy, reader: Member, name: string): boolean =>
  reader.name === name || owns(policy, reader, name) || readsAll(policy, reader);

const readsAll = (policy: AccessPolicy, reader: Member): boolean =>
  hasRole(policy, reader, "admins") || hasRole(policy, reader, "auditors");

/** Others know the clusters of the rules that are for them. */
const clustersKnownTo = (policy: AccessPolicy, reader: Member): readonly string[] =>
  readsAll(policy, reader)
    ? Object.keys(policy.clusters)
    : policy.rules.flatMap(({ who, clusters }) => (matchesWho(who, reader) ? clusters : []));

/** A grant that the reader may not see must not take the place of one that they may. */
const onlySeen = (read: readonly ReadEntry[], isSeen: (grant: AccessRequest) => boolean) =>
  read.map((entry) => ({ ...entry, grants: entry.grants.filter(isSeen) }));

const notFound = (name: string, known: readonly string[]) =>
  new BrokerError(
    "person-not-found",
    `access.yaml has no person ${name}, or nothing of theirs that you may see. ${meantBefore(name, known)}Nothing was read; check the name, or ask an admin or auditor.`,
  );
