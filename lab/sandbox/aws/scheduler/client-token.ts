import { createHash } from "node:crypto";
import type { Input } from "./constraints.ts";
import type { SchedulerState } from "./state.ts";

/**
 * ClientToken makes a repeated request answer as the first one did. AWS documents no window for it.
 * Here a create or an update is remembered while its schedule or group exists. A delete is
 * remembered while SDK clients may still retry it.
 */
const DELETIONS_MS = 5 * 60 * 1000;

/** The identity of a request: its operation and token, and a digest of everything else in it. */
export interface RequestMark {
  readonly key: string;
  readonly digest: string;
}

/** Undefined if the caller sent no token; SDK clients always do. */
export function markOf(operation: string, input: Input): RequestMark | undefined {
  const { ClientToken: token, ...rest } = input;
  if (typeof token !== "string") return undefined;
  const digest = createHash("sha256")
    .update(JSON.stringify(sorted(rest)))
    .digest("hex");
  return { key: `${operation} ${token}`, digest };
}

/** Whether this very request was carried out on the resource already. */
export function wasDone(
  requests: Readonly<Record<string, string>>,
  mark: RequestMark | undefined,
): boolean {
  return mark !== undefined && requests[mark.key] === mark.digest;
}

/** The requests remembered, with this one. */
export function withMark(
  requests: Readonly<Record<string, string>>,
  mark: RequestMark | undefined,
): Record<string, string> {
  return mark === undefined ? { ...requests } : { ...requests, [mark.key]: mark.digest };
}

/** Remembers a delete, and forgets old ones. */
export function rememberDeletion(
  state: SchedulerState,
  mark: RequestMark | undefined,
  now: Date,
): void {
  state.deletions = Object.fromEntries(
    Object.entries(state.deletions).filter(
      ([, at]) => now.getTime() - Date.parse(at) < DELETIONS_MS,
    ),
  );
  if (mark !== undefined) state.deletions[`${mark.key} ${mark.digest}`] = now.toISOString();
}

/** Whether what no longer exists was deleted by this very request. */
export function wasDeleted(state: SchedulerState, mark: RequestMark | undefined): boolean {
  return mark !== undefined && state.deletions[`${mark.key} ${mark.digest}`] !== undefined;
}

/** The order of members says nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  );
}
