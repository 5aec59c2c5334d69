/** Makes the summary of a grant's use out of what the audit log answered. */
import type {
  ActivityCount,
  ActivityStream,
  ActivitySummary,
  LeftObject,
} from "./activity-summary.ts";
import type { ActivityWindow } from "./activity-window.ts";
import { instantOf, type LogRow, outcomeOf, resourceOf } from "./log-row.ts";

/** The rows of the two queries of `activityQueries`, in their order. */
export interface ActivityRows {
  readonly counts: readonly LogRow[];
  readonly marks: readonly LogRow[];
  /** Whether CloudWatch had more rows than it returned. */
  readonly isCut: boolean;
}

type Summarized = Pick<
  ActivitySummary,
  "counts" | "firstAt" | "lastAt" | "streams" | "leftBehind" | "isCut"
>;

/**
 * The most that each list holds, so that a record always fits into an item of DynamoDB: 400 KB.
 * Nobody can hide in it by flooding the log: the first entries are kept, and the summary is marked.
 */
export const MOST_LISTED = { counts: 1_000, streams: 300, leftBehind: 300 } as const;

/** A summary without any request. */
export const NOTHING: Summarized = {
  counts: [],
  firstAt: null,
  lastAt: null,
  streams: [],
  leftBehind: [],
  isCut: false,
};

/** Adds the rows up. The same rows in another order make the same summary. */
export function summarizeActivity(
  rows: ActivityRows,
  { until }: Pick<ActivityWindow, "until">,
): Summarized {
  const counts = countsIn(rows.counts);
  const marks = rows.marks.toSorted((a, b) =>
    compare(a["@timestamp"] ?? "", b["@timestamp"] ?? ""),
  );
  const streams = streamsIn(marks, until);
  const leftBehind = leftIn(marks);
  const instants = rows.counts
    .flatMap(({ first, last }) => [instantOf(first), instantOf(last)])
    .filter((at) => at !== undefined)
    .toSorted();
  const isLong =
    counts.length > MOST_LISTED.counts ||
    streams.length > MOST_LISTED.streams ||
    leftBehind.length > MOST_LISTED.leftBehind;
  return {
    counts: counts.slice(0, MOST_LISTED.counts),
    firstAt: instants[0] ?? null,
    lastAt: instants.at(-1) ?? null,
    streams: streams.slice(0, MOST_LISTED.streams),
    leftBehind: leftBehind.slice(0, MOST_LISTED.leftBehind),
    isCut: rows.isCut || isLong,
  };
}

/**
 * A long request, such as a watch, has an event when it starts and one when it completes. Others have
 * one event. So a kind had as many requests as the more frequent of the two.
 */
function countsIn(rows: readonly LogRow[]): readonly ActivityCount[] {
  const byKind = new Map<string, { row: LogRow; started: number; completed: number }>();
  for (const row of rows) {
    const key = JSON.stringify([...nameOf(row), row["responseStatus.code"] ?? null]);
    const kind = byKind.get(key) ?? { row, started: 0, completed: 0 };
    kind[row["stage"] === "ResponseStarted" ? "started" : "completed"] += numberIn(row["requests"]);
    byKind.set(key, kind);
  }
  const counts = new Map<string, ActivityCount>();
  for (const { row, started, completed } of byKind.values()) {
    const [verb, resource, namespace, as] = nameOf(row);
    const outcome = outcomeOf(row);
    const key = JSON.stringify([verb, resource, namespace, outcome, as]);
    const count = (counts.get(key)?.count ?? 0) + Math.max(started, completed);
    counts.set(key, {
      verb,
      resource,
      namespace,
      outcome,
      count,
      ...(as === null ? {} : { as }),
    });
  }
  return [...counts.entries()].toSorted(([a], [b]) => compare(a, b)).map(([, count]) => count);
}

const nameOf = (row: LogRow): readonly [string, string, string | null, string | null] => [
  row["verb"] ?? "",
  resourceOf(row),
  row["objectRef.namespace"] ?? null,
  row["impersonatedUser.username"] ?? null,
];

const numberIn = (text: string | undefined): number => {
  const count = Number(text);
  return Number.isFinite(count) ? count : 0;
};

const KINDS: Readonly<Record<string, ActivityStream["kind"]>> = {
  exec: "exec",
  attach: "attach",
  portforward: "port-forward",
};

/** Connections that were let in. The two events of one have the same audit id. */
function streamsIn(marks: readonly LogRow[], until: string): readonly ActivityStream[] {
  const streams = new Map<string, ActivityStream>();
  for (const row of marks) {
    const kind = KINDS[row["objectRef.subresource"] ?? ""];
    const at = instantOf(row["@timestamp"]);
    if (kind === undefined || at === undefined || outcomeOf(row) !== "allowed") continue;
    const id = row["auditID"] ?? JSON.stringify(row);
    const isOver = row["stage"] !== "ResponseStarted" && at <= until;
    streams.set(id, {
      kind,
      namespace: row["objectRef.namespace"] ?? "",
      pod: row["objectRef.name"] ?? "",
      startedAt: streams.get(id)?.startedAt ?? instantOf(row["requestReceivedTimestamp"]) ?? at,
      endedAt: isOver ? at : null,
    });
  }
  return [...streams.values()].toSorted(
    (a, b) => compare(a.endedAt ?? "", b.endedAt ?? "") || compare(a.startedAt, b.startedAt),
  );
}

/** Resources that give access for as long as they exist. */
const KEPT: ReadonlySet<string> = new Set([
  "secrets",
  "serviceaccounts/token",
  "rolebindings.rbac.authorization.k8s.io",
  "clusterrolebindings.rbac.authorization.k8s.io",
  "cronjobs.batch",
  "certificatesigningrequests.certificates.k8s.io",
]);

const CREATED = "201";

/** A patch creates as well, where it is server-side apply. The API server then answers 201. */
function leftIn(marks: readonly LogRow[]): readonly LeftObject[] {
  const left = new Map<string, LeftObject>();
  for (const row of marks) {
    const [verb, resource, namespace] = nameOf(row);
    const createdAt = instantOf(row["@timestamp"]);
    if (!KEPT.has(resource) || createdAt === undefined || isTrial(row)) continue;
    const name = row["objectRef.name"] ?? null;
    // Without a name, or of a token, each is one more.
    const isOne = name !== null && resource !== "serviceaccounts/token";
    const key = JSON.stringify([resource, namespace, isOne ? name : (row["auditID"] ?? row)]);
    if (verb === "delete" && outcomeOf(row) === "allowed") left.delete(key);
    if (row["responseStatus.code"] === CREATED)
      left.set(key, { resource, namespace, name, createdAt });
  }
  return [...left.values()];
}

/** A dry run changes nothing. https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run */
const isTrial = ({ requestURI = "" }: LogRow): boolean => /[?&]dryRun=/.test(requestURI);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
