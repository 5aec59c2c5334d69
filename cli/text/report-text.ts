/** A report for a terminal: numbers first, then what an auditor has to look at, by name. */
import type { AuditReport, ReportRow } from "../../shared/domain/evidence/report/audit-report.ts";
import { reportedAsker } from "../../shared/domain/evidence/report/population.ts";
import { stayedText } from "../../shared/domain/requests/end-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { counted, explainedLine } from "./bundle-text.ts";
import { POLICIES_UNKNOWN, policyLines } from "./policies-text.ts";
import { sampledLines, sampleFacts } from "./sample-text.ts";
import { spanText } from "./time-text.ts";

export function reportText(report: AuditReport, out: Pick<Stream, "columns" | "paint">): string {
  const { from, to, madeAt, summary, sample } = report;
  const part = (title: string, facts: readonly Fact[]) =>
    `\n${out.paint("bold", title)}\n${renderFacts(facts, out)}`;
  const lines = (all: readonly string[]) =>
    wrapLines(all.map((line) => `  ${line}\n`).join(""), out.columns);
  const exceptions = exceptionsOf(report);
  return [
    wrapLines(`Access from ${from} to ${to}, as known at ${madeAt}.\n`, out.columns),
    part("Population", populationFacts(report)),
    summary.approvers.length === 0 ? "" : part("Decisions", approverFacts(report)),
    part("Completeness", completenessFacts(report)),
    ...policyPart(report.policies, out, lines),
    `\n${out.paint("bold", "To look at")}\n`,
    exceptions.length === 0 ? "  Nothing: no exception in this period.\n" : lines(exceptions),
    ...(sample ? [part("Sample", sampleFacts(sample)), "\n", lines(sampledLines(sample))] : []),
  ].join("");
}

const policyPart = (
  policies: AuditReport["policies"],
  out: Pick<Stream, "columns" | "paint">,
  lines: (all: readonly string[]) => string,
): readonly string[] =>
  policies.length === 0
    ? []
    : [
        `\n${out.paint("bold", "Policies")}\n`,
        lines([`${policies.length}, by the events of this time`, ...policyLines(policies)]),
        lines([POLICIES_UNKNOWN]),
      ];

const pairs = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

function populationFacts({ summary, findings }: AuditReport): readonly Fact[] {
  const { requests, asked, states, grants, ends, open, stayed, late, breakGlass, byPolicy } =
    summary;
  return [
    ["Requests", `${requests}, ${asked} of them asked in this time`],
    ["States", pairs(states)],
    ["Grants", String(grants)],
    ["Ended by", pairs(ends)],
    ["Not ended", String(open)],
    ["Ended late", String(late.length)],
    ["Access stayed", `${stayed.length}: something else gave it when the grant ended`],
    ["Break-glass", String(breakGlass.length)],
    ["Reviews", reviewsText(summary)],
    ["No approver", `${byPolicy.length}: the policy approved`],
    ["Unauthorized attempts", String(summary.attempts)],
    ["Findings", findings.length === 0 ? "none" : pairs({ ...summary.findings })],
    ...openFacts(findings),
  ];
}

/** Open findings by their codes, the gravest first. */
function openFacts(findings: AuditReport["findings"]): readonly Fact[] {
  const open = findings.filter(({ acknowledgedBy }) => acknowledgedBy.length === 0);
  if (open.length === 0) return [];
  const codes = [...Map.groupBy(open, ({ code }) => code)];
  return [["  open", codes.map(([code, all]) => `${all.length} ${code}`).join(", ")]];
}

/** `2 closed, 1 open, 0 overdue` */
export const reviewsText = ({ reviews }: AuditReport["summary"]): string =>
  `${reviews.closed} closed, ${reviews.open} open, ${reviews.overdue.length} overdue`;

const approverFacts = ({ summary }: AuditReport): readonly Fact[] =>
  summary.approvers.map(({ person, approvals, denials, approvalsWithoutNote }) => [
    visible(person),
    `${counted(approvals, "approval")}, ${approvalsWithoutNote} without a note; ${denials} denied`,
  ]);

/** Where the events of a comparison come from, to follow "additions of access". */
export const TRAILS: Readonly<Record<AuditReport["trail"], string>> = {
  files: "in the files of CloudTrail",
  received: "in CloudTrail, as they reached Timelatch",
};

function completenessFacts({ summary, completeness, trail }: AuditReport): readonly Fact[] {
  const { calls } = summary;
  const { events, confirmedCalls, explained, findings, expected, isComplete } = completeness;
  return [
    [
      "Calls to EKS",
      `${calls.made}: ${calls.confirmed} confirmed, ${calls.unconfirmed} unconfirmed, ${calls.missing} missing`,
    ],
    ["Grant events", `${events} ${TRAILS[trail]}`],
    [
      "  accounted for",
      `${counted(confirmedCalls, "call")}, ${explained} explained, ${counted(findings, "finding")}, ${expected} expected`,
    ],
    ["Agrees", agreesText(trail, isComplete, summary.findings.open)],
  ];
}

/** The records of events that reached Timelatch come from Timelatch: to count them compares nothing. */
export function agreesText(
  trail: AuditReport["trail"],
  isComplete: boolean,
  openFindings: number,
): string {
  if (!isComplete) return "NO: see below";
  const open =
    openFindings === 0 ? "" : `, but ${counted(openFindings, "finding")} open: see below`;
  const compared =
    trail === "files" ? "yes" : "not compared with CloudTrail's own files (--cloudtrail)";
  return `${compared}${open}`;
}

/** Findings and rows that need a person's look, a line each: findings first, by their gravity. */
export function exceptionsOf(report: AuditReport) {
  const { rows, summary, explanations, findings, completeness, unreadable = [] } = report;
  const whose = new Map(rows.map((row) => [row.requestId, rowText(row)]));
  const named = (ids: readonly string[], what: string) =>
    ids.map((id) => `${whose.get(id) ?? id}: ${what}`);
  return [
    ...findings.flatMap(({ findingId, code, what, happenedAt, acknowledgedBy }) =>
      acknowledgedBy.length > 0
        ? []
        : `${code}, finding ${findingId}: ${visible(what)}, ${happenedAt}: open`,
    ),
    ...rows.flatMap(lateText),
    ...named(summary.selfApproved, "approved by its own requester"),
    ...named(summary.breakGlass, "break-glass"),
    ...named(summary.reviews.overdue, "the review of its break-glass is overdue"),
    ...named(summary.reviews.late, "the review of its break-glass was closed late"),
    ...named(summary.reviews.own, "its own requester closed the review"),
    ...rows.flatMap((row) =>
      row.calls.missing > 0
        ? `${rowText(row)}: ${counted(row.calls.missing, "call")} missing in CloudTrail`
        : [],
    ),
    ...explanations.map(
      (one) =>
        `${one.requestIds.join(", ")}: ${explainedLine(one)}, by ${visible(one.by ?? "nobody known")}, and no call is on record`,
    ),
    ...named(completeness.unaccounted, "an event of CloudTrail that nothing accounts for"),
    ...named(completeness.accountedTwice, "an event of CloudTrail with two accounts"),
    ...named(completeness.unseenCalls, "a call to EKS that no event confirms"),
    ...unreadable.map((text) => visible(text)),
    ...named(
      completeness.contradicted,
      "CloudTrail's files lack it, or a record says something else of it",
    ),
  ];
}

/** The request by its id, and whose it is: `0193… (alice on prod)`. */
const rowText = (row: ReportRow): string =>
  `${row.requestId} (${visible(reportedAsker(row))} on ${visible(row.cluster)})`;

const lateText = (row: ReportRow): readonly string[] => {
  const { secondsLate, goneAt } = row;
  const which = rowText(row);
  if (secondsLate === 0) return [];
  const by = spanText(secondsLate);
  const stayed = visible(stayedText(row.endProof));
  if (stayed !== "") return [`${which}: ended ${by} late. ${stayed}`];
  return [
    goneAt === null
      ? `${which}: past its end by ${by}, and its end is not yet confirmed`
      : `${which}: gone ${by} after its end`,
  ];
};
