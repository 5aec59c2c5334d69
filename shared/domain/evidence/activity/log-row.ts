/** A row that CloudWatch Logs Insights answers about an audit log. */
import type { ActivityCount } from "./activity-summary.ts";

/** By the names of fields. A field that an event lacks is absent. */
export type LogRow = Readonly<Record<string, string>>;

/** As RBAC names resources: `pods`, `deployments.apps`, `pods/exec`; empty for other URLs. */
export function resourceOf(row: LogRow): string {
  const resource = row["objectRef.resource"] ?? "";
  const group = row["objectRef.apiGroup"];
  const subresource = row["objectRef.subresource"];
  return `${resource}${group ? `.${group}` : ""}${subresource ? `/${subresource}` : ""}`;
}

/** An event without a code does not say that the request was allowed. */
export function outcomeOf(row: LogRow): ActivityCount["outcome"] {
  const code = Number(row["responseStatus.code"]);
  if (code === 401 || code === 403) return "denied";
  return code >= 100 && code < 400 ? "allowed" : "failed";
}

/**
 * An instant in ISO 8601 UTC with milliseconds; undefined for anything else. CloudWatch writes
 * `2026-11-24 10:00:00.000`, or milliseconds since 1970 where an instant was computed. Kubernetes
 * writes microseconds.
 */
export function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = /^\d{10,}(\.\d+)?$|^\d\.\d+E\d+$/.test(text)
    ? Number(text)
    : Date.parse(text.replace(" ", "T").replace(/Z?$/, "Z"));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
