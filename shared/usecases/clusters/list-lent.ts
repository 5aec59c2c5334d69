import type { Actor } from "../../domain/policy/actor.ts";
import { type AccessPolicy, clusterNamed, hasRole } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError, noCluster } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { LentPage, StartedBetween } from "../../ports/lent-grants.ts";
import type { PageQuery } from "../../ports/request-store.ts";

/** A page of the grants of a cluster that were live in an interval. */
export interface LentBetween extends LentPage {
  /** The list has every grant that was approved from then on; null before the first one. */
  readonly since: string | null;
}

/**
 * Grants through which access may have existed on a cluster between two instants, in the order of their starts. It
 * lags behind their steps, and lacks grants that an earlier release approved, unless they changed since.
 *
 * @param between instants, ISO 8601 UTC @throws BrokerError `forbidden`, `cluster-not-found`
 */
export async function listLent(
  { requests, policy }: Pick<ApiPorts, "requests" | "policy">,
  { member }: Actor,
  name: string,
  { from, to }: StartedBetween,
  page: PageQuery,
): Promise<LentBetween> {
  if (!hasRole(policy, member, "auditors") && !hasRole(policy, member, "admins"))
    throw new BrokerError(
      "forbidden",
      "Only auditors and admins may read everyone's grants of a cluster. Nothing was read; ask one of them.",
    );
  const cluster = clusterNamed(policy, name);
  if (!cluster) throw noCluster(name, Object.keys(policy.clusters));
  const started = { from: plusSeconds(from, -longestLent(policy)), to };
  const wasLive = ({ endedAt }: AccessRequest) => endedAt === null || endedAt > from;
  const [lent, since] = await Promise.all([
    requests.lentOn(cluster.arn, started, page, wasLive),
    requests.lentSince(cluster.arn),
  ]);
  return { ...lent, since: since ?? null };
}

/** An earlier policy may have lent for longer, and an end may have been late. */
const AT_LEAST_SECONDS = 86_400;

/** How long before an instant a grant may have started that was live then, in seconds. */
export const longestLent = ({ rules }: AccessPolicy): number =>
  Math.max(
    AT_LEAST_SECONDS,
    ...rules.map(({ duration, extend }) =>
      Math.max(duration.maxSeconds, extend?.totalSeconds ?? 0),
    ),
  );
