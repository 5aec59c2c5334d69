/** Events as EKS writes them into a cluster's log group. */

import { ACCOUNT, ALICE } from "../../../../lab/fakes/builders.ts";
import type { LogEvent } from "../../../../lab/sandbox/aws/logs/event-fields.ts";

/** The first whole second of the windows in tests. */
export const LOG_START = "2026-11-24T10:00:00.000Z";

export const atSecond = (second: number): string =>
  new Date(Date.parse(LOG_START) + second * 1_000).toISOString();

export const EDIT = "AmazonEKSEditPolicy";

/** The authorizer's reason for a request under an access policy. */
export const byPolicy = (policy = EDIT, principal = ALICE): string => {
  const arn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
  return `EKS Access Policy: allowed by ClusterRoleBinding "${principal}+${arn}" of ClusterRole "${arn}" to User "AROAEXAMPLEGRANTEE01"`;
};

export interface LoggedRequest {
  readonly verb?: string;
  /** `resource`, `resource.group`, each with or without a subresource: `pods/exec`. */
  readonly resource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly code?: number;
  readonly stage?: string;
  readonly auditID?: string;
  readonly requestURI?: string;
  /** The authorizer's reason; null where nothing allowed the request. */
  readonly reason?: string | null;
  /** The role's name, without its path. */
  readonly role?: string;
  readonly impersonated?: string;
  readonly requestObject?: unknown;
  readonly logStream?: string;
}

let count = 0;

/** One event, `second` seconds after `LOG_START`. By default, Alice lists pods by her grant. */
export function logged(second: number, request: LoggedRequest = {}): LogEvent {
  const {
    verb = "list",
    resource = "pods",
    namespace = "payments-api",
    name,
    code = 200,
  } = request;
  const { stage = "ResponseComplete", reason = byPolicy(), role = "alice" } = request;
  const { auditID = `audit-${++count}`, requestURI = "/api/v1/pods", requestObject } = request;
  const [kind = "", subresource] = resource.split("/");
  const [plural, ...group] = kind.split(".");
  const apiGroup = group.join(".");
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/alice@example.com`;
  const message = JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: requestObject === undefined ? "Metadata" : "Request",
    auditID,
    stage,
    requestURI,
    verb,
    user: {
      username: arn.replace("@", "-"),
      groups: ["system:authenticated"],
      extra: { arn: [arn], canonicalArn: [`arn:aws:iam::${ACCOUNT}:role/${role}`] },
    },
    ...(request.impersonated ? { impersonatedUser: { username: request.impersonated } } : {}),
    objectRef: {
      resource: plural,
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(apiGroup ? { apiGroup } : {}),
      apiVersion: "v1",
      ...(subresource ? { subresource } : {}),
    },
    responseStatus: { metadata: {}, code },
    ...(requestObject === undefined ? {} : { requestObject }),
    requestReceivedTimestamp: atSecond(second).replace("Z", "000Z"),
    stageTimestamp: atSecond(second).replace("Z", "000Z"),
    annotations: {
      "authorization.k8s.io/decision": reason === null ? "forbid" : "allow",
      "authorization.k8s.io/reason": reason ?? "",
    },
  });
  return {
    timestamp: Date.parse(atSecond(second)),
    message,
    logStream: request.logStream ?? "kube-apiserver-audit-0123456789abcdef0123456789abcdef",
  };
}
