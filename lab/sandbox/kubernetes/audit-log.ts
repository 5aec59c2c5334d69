/**
 * The cluster's audit log: one `audit.k8s.io/v1` Event a request. EKS delivers the same to the log
 * group `/aws/eks/<cluster>/cluster` (EKS User Guide, "Send control plane logs to CloudWatch
 * Logs"). Only the stage ResponseComplete is written. Request objects are written and response
 * objects are not; for Secrets and ConfigMaps neither is.
 */
import { randomUUID } from "node:crypto";
import type { Decision } from "./decision.ts";
import type { Attributes } from "./policy-rule.ts";
import { valueAt } from "./state.ts";
import { type UserInfo, userInfoJson } from "./user-info.ts";

/** The facts of a request that are found while it is handled; absent members were not reached. */
export interface RequestTrace {
  readonly requestURI: string;
  readonly sourceIP: string;
  readonly userAgent: string;
  readonly received: Date;
  attributes?: Attributes;
  user?: UserInfo;
  impersonatedUser?: UserInfo;
  decision?: Decision;
  requestObject?: unknown;
}

/** Takes one Event at a time, as a line of JSON without its end. */
export type AuditSink = (line: string) => void;

/** Resources whose contents never go to a log. */
const CONFIDENTIAL: ReadonlySet<string> = new Set(["secrets", "configmaps"]);

/** RFC 3339 with microseconds, as the API server writes them. */
const micro = (at: Date): string => at.toISOString().replace("Z", "000Z");

function objectRef(attributes: Attributes, requestObject: unknown): Record<string, unknown> {
  const { resource, subresource, namespace, name, apiGroup, apiVersion } = attributes;
  const created = valueAt(requestObject, "metadata", "name");
  const called = name === "" && typeof created === "string" ? created : name;
  const members = { resource, namespace, name: called, apiGroup, apiVersion, subresource };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ""));
}

/** The Event of a finished request, as one line of JSON. */
export function auditEvent(trace: RequestTrace, code: number, completed: Date): string {
  const { attributes, user, impersonatedUser, decision, requestObject } = trace;
  const confidential = attributes !== undefined && CONFIDENTIAL.has(attributes.resource);
  const withObject = !confidential && requestObject !== undefined;
  return JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: confidential ? "Metadata" : "Request",
    auditID: randomUUID(),
    stage: "ResponseComplete",
    requestURI: trace.requestURI,
    verb: attributes?.verb ?? "",
    user: user === undefined ? {} : userInfoJson(user),
    ...(impersonatedUser === undefined ? {} : { impersonatedUser: userInfoJson(impersonatedUser) }),
    sourceIPs: [trace.sourceIP],
    userAgent: trace.userAgent,
    ...(attributes?.resourceRequest ? { objectRef: objectRef(attributes, requestObject) } : {}),
    responseStatus: { metadata: {}, code },
    ...(withObject ? { requestObject } : {}),
    requestReceivedTimestamp: micro(trace.received),
    stageTimestamp: micro(completed),
    ...(decision === undefined
      ? {}
      : {
          annotations: {
            "authorization.k8s.io/decision": decision.allowed ? "allow" : "forbid",
            "authorization.k8s.io/reason": decision.reason,
          },
        }),
  });
}
