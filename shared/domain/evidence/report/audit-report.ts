/** Population and completeness of a period, in numbers and by name. Pure. */
import type { CallRecord } from "../../requests/evidence.ts";
import { LIFECYCLE } from "../../requests/lifecycle.ts";
import type { State } from "../../requests/request.ts";
import { byGravity } from "../findings/finding-record.ts";
import type { TrailEvent } from "../trail/trail-event.ts";
import type { Completeness } from "./completeness.ts";
import type { EvidenceTally, ReportedExplanation, ReportedFinding } from "./evidence-tally.ts";
import { type CallCounts, callCounts } from "./evidence-tally.ts";
import { completenessOf } from "./period-completeness.ts";
import type { SeenPolicy } from "./policies-seen.ts";
import { type ReportedRequest, secondsLate } from "./population.ts";
import { isWithin, type ReportPeriod } from "./report-period.ts";
import { type ReviewCounts, reviewCounts } from "./review-counts.ts";
import type { ReportSample } from "./sample.ts";

/** A request with what follows from its evidence. */
export interface ReportRow extends Omit<ReportedRequest, "calls"> {
  /** By a break-glass rule; null if nobody knows any more. */
  readonly breakGlass: boolean | null;
  /** When its end was proven, also after the period; null where nobody has seen it gone. */
  readonly goneAt: string | null;
  /** By how many seconds its access outlived its bound, as known when the report was made. */
  readonly secondsLate: number;
  readonly calls: CallCounts;
  /** Ids of findings that stand on it. */
  readonly findings: readonly string[];
}

/** One person's decisions in the period. */
interface ApproverCount {
  readonly person: string;
  readonly approvals: number;
  readonly denials: number;
  readonly approvalsWithoutNote: number;
}

interface ReportSummary {
  /** With an event in the period. */
  readonly requests: number;
  /** How many of them were asked in the period. */
  readonly asked: number;
  /** By their state at the end of the period. */
  readonly states: Readonly<Record<State, number>>;
  /** Requests whose access was seen in EKS. */
  readonly grants: number;
  /** How grants ended, by the event that did it. */
  readonly ends: Readonly<Record<string, number>>;
  /** Grants whose access was not yet seen gone. */
  readonly open: number;
  /** Ids of grants that have ended while something else gave some of the same access. */
  readonly stayed: readonly string[];
  /** Ids of grants whose access outlived its bound. */
  readonly late: readonly string[];
  readonly breakGlass: readonly string[];
  /** How the reviews of break-glass stood at the end of the period. */
  readonly reviews: ReviewCounts;
  /** Ids of grants that the policy approved, and no person. Break-glass is among them. */
  readonly byPolicy: readonly string[];
  /** Ids of requests that their own requester approved. The broker refuses such approvals. */
  readonly selfApproved: readonly string[];
  /** By name. */
  readonly approvers: readonly ApproverCount[];
  readonly approvalsWithoutNote: number;
  readonly attempts: number;
  readonly calls: CallCounts;
  readonly findings: { readonly open: number; readonly acknowledged: number };
}

export interface AuditReport extends ReportPeriod {
  readonly summary: ReportSummary;
  /** Whether CloudTrail's events are from files of the reader's own, or those that reached the broker. */
  readonly trail: "files" | "received";
  readonly completeness: Completeness;
  /** Events of the files, and of histories, that cannot be read, a sentence each. Absent without files and such events. */
  readonly unreadable?: readonly string[];
  /** Policies under which something happened in the period. More than one: it changed. */
  readonly policies: readonly SeenPolicy[];
  /** Calls of the period that only CloudTrail shows, oldest first. No call among them is on record. */
  readonly explanations: readonly ReportedExplanation[];
  /** Findings of the period: the gravest first, and the older ones of a code before the later. */
  readonly findings: readonly ReportedFinding[];
  readonly rows: readonly ReportRow[];
  /** The requests for a closer look, if a sample was asked for. */
  readonly sample?: ReportSample;
}

/** The sources of a report besides the records of the period. */
export interface ReportSources {
  /** Events of CloudTrail's own files in the period; else those that reached the broker are taken. */
  readonly trail?: readonly TrailEvent[];
  /** By request id, when the end of its access was proven after the period. */
  readonly goneSince?: ReadonlyMap<string, string>;
  readonly policies?: readonly SeenPolicy[];
}

/**
 * @param breakGlass whether a request's rule is break-glass; null if nobody knows
 */
export function auditReport(
  period: ReportPeriod,
  requests: readonly ReportedRequest[],
  tally: EvidenceTally,
  breakGlass: (request: ReportedRequest) => boolean | null,
  { trail, goneSince = new Map(), policies = [] }: ReportSources = {},
): AuditReport {
  const findings = findingsWithin(period, tally);
  const byRequest = Map.groupBy(
    findings.flatMap(({ findingId, requestIds }) => requestIds.map((id) => ({ id, findingId }))),
    ({ id }) => id,
  );
  const calls = callsWithin(period, requests);
  const made = new Set(requests.flatMap((one) => one.calls.map(({ requestId }) => requestId)));
  const isMade = ({ eksRequestId }: ReportedExplanation) =>
    eksRequestId !== null && made.has(eksRequestId);
  const rows = requests.map((request): ReportRow => {
    const { calls: own, ...row } = request;
    return {
      ...row,
      breakGlass: breakGlass(request),
      secondsLate: secondsLate(
        { ...request, endedAt: request.endedAt ?? goneSince.get(request.requestId) ?? null },
        period.madeAt,
      ),
      goneAt: request.endedAt ?? goneSince.get(request.requestId) ?? null,
      calls: callCounts(own, tally),
      findings: (byRequest.get(row.requestId) ?? []).map(({ findingId }) => findingId),
    };
  });
  return {
    ...period,
    summary: summaryOf(period, rows, findings, callCounts(calls, tally)),
    trail: trail === undefined ? "received" : "files",
    completeness: completenessOf(period, calls, tally, trail, requests),
    policies,
    explanations: tally.explanations.filter(
      (one) => isWithin(period, one.eventTime) && !isMade(one),
    ),
    findings,
    rows,
  };
}

const findingsWithin = (period: ReportPeriod, { findings }: EvidenceTally) =>
  byGravity(findings.filter(({ happenedAt }) => isWithin(period, happenedAt)));

/** A call that served several requests is in the history of each, and counts once. */
function callsWithin(
  period: ReportPeriod,
  requests: readonly ReportedRequest[],
): readonly CallRecord[] {
  const within = requests.flatMap(({ calls }) => calls.filter(({ at }) => isWithin(period, at)));
  const byId = new Map(within.map((call) => [call.requestId, call]));
  return [
    ...within.filter(({ requestId }) => requestId === null),
    ...[...byId.values()].filter(({ requestId }) => requestId !== null),
  ];
}

function summaryOf(
  period: ReportPeriod,
  rows: readonly ReportRow[],
  findings: readonly ReportedFinding[],
  calls: CallCounts,
): ReportSummary {
  const grants = rows.filter(({ activeAt }) => activeAt !== null);
  const idsOf = (some: readonly ReportRow[]) => some.map(({ requestId }) => requestId);
  const approvers = approverCounts(period, rows);
  const open = findings.filter(({ acknowledgedBy }) => acknowledgedBy.length === 0).length;
  return {
    requests: rows.length,
    asked: rows.filter(({ askedAt }) => isWithin(period, askedAt)).length,
    states: stateCounts(rows),
    grants: grants.length,
    ends: countBy(grants.flatMap(({ endedBy }) => endedBy ?? [])),
    open: grants.filter(({ endedAt }) => endedAt === null).length,
    stayed: idsOf(rows.filter(({ endProof }) => (endProof?.stayed.length ?? 0) > 0)),
    late: idsOf(rows.filter((row) => row.secondsLate > 0)),
    breakGlass: idsOf(rows.filter((row) => row.breakGlass === true)),
    reviews: reviewCounts(rows, period.to),
    byPolicy: idsOf(grants.filter(({ byPolicy, decisions }) => byPolicy && decisions.length === 0)),
    selfApproved: idsOf(rows.filter(isSelfApproved)),
    approvers,
    approvalsWithoutNote: sum(approvers, (one) => one.approvalsWithoutNote),
    attempts: sum(rows, ({ attempts }) => attempts),
    calls,
    findings: { open, acknowledged: findings.length - open },
  };
}

const isSelfApproved = ({ requester, decisions }: ReportRow): boolean =>
  decisions.some(({ verdict, person }) => verdict === "approve" && person === requester);

const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const countBy = (names: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...Map.groupBy(names, (name) => name)]
      .map(([name, all]) => [name, all.length] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

const stateCounts = (rows: readonly ReportRow[]) =>
  Object.fromEntries(
    Object.keys(LIFECYCLE).map((state) => [
      state,
      rows.filter((row) => row.state === state).length,
    ]),
  ) as Record<State, number>;

function approverCounts(
  period: ReportPeriod,
  rows: readonly ReportRow[],
): readonly ApproverCount[] {
  const all = rows.flatMap(({ decisions }) => decisions.filter(({ at }) => isWithin(period, at)));
  return [...Map.groupBy(all, ({ person }) => person)]
    .map(([person, own]) => {
      const approvals = own.filter(({ verdict }) => verdict === "approve");
      return {
        person,
        approvals: approvals.length,
        denials: own.length - approvals.length,
        approvalsWithoutNote: approvals.filter(({ hasNote }) => !hasNote).length,
      };
    })
    .sort((a, b) => (a.person < b.person ? -1 : 1));
}
