import { GROUPS, reachOf } from "../../domain/entries/access.ts";
import type { PersonAccess } from "../../domain/entries/effective-access.ts";
import { needsOf } from "../../domain/policy/needs.ts";
import { type AccessPolicy, memberOf } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { accessPolicyName } from "../../domain/values/arn.ts";
import type { PersonAccessAnswer, WaitingAnswer } from "../contract/person-access-answer.ts";

/** With clusters by their names in the policy. */
export function personAccessAnswer(
  { access, unread, waiting, ...read }: PersonAccess,
  policy: AccessPolicy,
): PersonAccessAnswer {
  const nameOf = (arn: string): string =>
    Object.entries(policy.clusters).find(([, cluster]) => cluster.arn === arn)?.[0] ?? arn;
  return {
    ...read,
    ...(memberOf(policy, read.person)?.machine ? { machine: true } : {}),
    access: access.map(({ clusterArn, target, ...each }) => ({
      cluster: nameOf(clusterArn),
      policy: policyName(target),
      ...each,
    })),
    unread: unread.map(({ clusterArn, ...each }) => ({ cluster: nameOf(clusterArn), ...each })),
    waiting: waiting.map((request) => waitingAnswer(request, nameOf(request.cluster.arn), policy)),
  };
}

const policyName = (target: string): string | null =>
  target === GROUPS ? null : accessPolicyName(target);

function waitingAnswer(
  request: AccessRequest,
  cluster: string,
  policy: AccessPolicy,
): WaitingAnswer {
  const { id, access, extends: predecessor, createdAt: since, lapsesAt } = request;
  const { target, elements } = reachOf(access, request.cluster.arn);
  return {
    id,
    cluster,
    policy: policyName(target),
    elements,
    ...(predecessor === undefined ? {} : { extends: predecessor }),
    since,
    lapsesAt,
    needs: needsOf(policy, request),
  };
}
