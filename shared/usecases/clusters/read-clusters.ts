import type { ClusterFacts } from "../../domain/clusters/cluster-facts.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { clusterNamed, hasRole, type PolicyCluster } from "../../domain/policy/policy.ts";
import { type LentThere, lentThere } from "../../domain/standing/lent-there.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import { type StandingRecord, shownPass } from "../../domain/standing/standing-record.ts";
import { BrokerError, noCluster } from "../../domain/values/errors.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";

type ClusterPorts = Pick<ApiPorts, "policy" | "standing" | "clusters" | "clock">;

/** The stored facts about one cluster of the policy. */
export interface KnownCluster extends PolicyCluster {
  /** The name in `access.yaml`. */
  readonly name: string;
  /** Why nobody reads its entries; undefined if somebody does. */
  readonly unread: "retired" | undefined;
  readonly record: StandingRecord | undefined;
  readonly shown: ReturnType<typeof shownPass>;
  /** The facts that converge saw under its grantor role. */
  readonly facts: ClusterFacts | undefined;
  readonly lends: LentThere;
}

/** @throws BrokerError `forbidden` */
export async function listClusters(
  ports: ClusterPorts,
  actor: Actor,
): Promise<readonly KnownCluster[]> {
  checkMayRead(ports, actor);
  return await Promise.all(
    Object.entries(ports.policy.clusters).map(([name, cluster]) => known(ports, name, cluster)),
  );
}

/** @throws BrokerError `forbidden`, `cluster-not-found` */
export async function knownClusterNamed(
  ports: ClusterPorts,
  actor: Actor,
  name: string,
): Promise<KnownCluster> {
  checkMayRead(ports, actor);
  const listed = clusterNamed(ports.policy, name);
  if (!listed) throw noCluster(name, Object.keys(ports.policy.clusters));
  return await known(ports, name, listed);
}

/** A page of the access that stood on a cluster when it was last read whole. */
export interface StandingPage extends Page<StandingEntry> {
  readonly cluster: KnownCluster;
}

/** @throws BrokerError `forbidden`, `cluster-not-found`, `invalid-cursor` */
export async function readClusterStanding(
  ports: ClusterPorts,
  actor: Actor,
  name: string,
  { limit, after }: PageQuery,
): Promise<StandingPage> {
  const cluster = await knownClusterNamed(ports, actor, name);
  const { shown } = cluster;
  if (!shown) return { cluster, items: [] };
  const [passId, place] = after === undefined ? [shown.passId, undefined] : placeIn(after);
  if (passId !== shown.passId) throw readAgain();
  const page = await ports.standing.entries(cluster.arn, passId, {
    limit,
    ...(place === undefined ? {} : { after: place }),
  });
  const { items, next } = page;
  return { cluster, items, ...(next === undefined ? {} : { next: `${passId} ${next}` }) };
}

const placeIn = (after: string): readonly [passId: string, place: string] => {
  const at = after.indexOf(" ");
  return [after.slice(0, at), after.slice(at + 1)];
};

/** The refusal of a page whose list another reading has replaced. */
export const readAgain = () =>
  new BrokerError(
    "invalid-cursor",
    "The cluster was read again since the first page. Nothing was read; leave the cursor out to start at the first page.",
  );

async function known(
  { policy, standing, clusters, clock }: ClusterPorts,
  name: string,
  cluster: PolicyCluster,
): Promise<KnownCluster> {
  const [record, facts] = await Promise.all([
    standing.load(cluster.arn),
    clusters.load(cluster.arn),
  ]);
  return {
    name,
    ...cluster,
    record,
    facts,
    unread: cluster.retired ? "retired" : undefined,
    shown: record && shownPass(record, clock.now()),
    lends: lentThere(policy, name),
  };
}

/** Entries name other people's roles, and the people who could do harm. */
function checkMayRead({ policy }: ClusterPorts, { member }: Actor): void {
  if (hasRole(policy, member, "auditors") || hasRole(policy, member, "admins")) return;
  throw new BrokerError(
    "forbidden",
    "Only auditors and admins may read what stands on clusters. Nothing was read; ask one of them.",
  );
}
