import { startOf } from "../../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../domain/requests/request.ts";

/**
 * The place of a grant among those of its cluster, by start. An approval fixes both, so later steps
 * write nothing to the index.
 */
export function lentIndex(request: AccessRequest): Readonly<Record<string, string>> {
  const start = startOf(request);
  return start === null
    ? {}
    : { lentPk: lentPk(request.cluster.arn), lentSk: `${start}#${request.id}` };
}

export const lentPk = (clusterArn: string) => `LENT#${clusterArn}`;
