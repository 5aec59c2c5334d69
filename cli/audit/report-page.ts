/** The report as one page that stands alone. */

import type { AuditReport, ReportRow } from "../../shared/domain/evidence/report/audit-report.ts";
import { deciderText, reportedAsker } from "../../shared/domain/evidence/report/population.ts";
import type { ReportSample } from "../../shared/domain/evidence/report/sample.ts";
import { stayedText } from "../../shared/domain/requests/end-text.ts";
import { barChart, columnChart } from "../html/charts.ts";
import { type Markup, markup } from "../html/markup.ts";
import { badge, code, facts, list, page, paragraph, section, table, time } from "../html/page.ts";
import { counted } from "../text/bundle-text.ts";
import { POLICIES_UNKNOWN } from "../text/policies-text.ts";
import { agreesText, exceptionsOf, reviewsText, TRAILS } from "../text/report-text.ts";
import { sampledLines, sampleFacts } from "../text/sample-text.ts";
import { spanText } from "../text/time-text.ts";
import { spansOf } from "./report-spans.ts";

export function reportPage(report: AuditReport): string {
  const { from, to, madeAt } = report;
  return page(
    `Access report, ${from.slice(0, 10)} to ${to.slice(0, 10)}`,
    markup`${[
      paragraph(markup`From ${time(from)} to ${time(to)}, as known at ${time(madeAt)}.`),
      tiles(report),
      exceptionPart(report),
      ...(report.findings.length > 0 ? [section("findings", "Findings", findings(report))] : []),
      section("population", "Population", population(report)),
      section("decisions", "Decisions by person", decisions(report)),
      section("completeness", "Completeness", completeness(report)),
      section("policies", "Policies", policies(report)),
      ...(report.sample ? [section("sample", "Sample", sample(report.sample))] : []),
      section("requests", "Every request", requests(report.rows)),
    ]}`,
  );
}

function tiles({ summary, completeness: { isComplete }, trail }: AuditReport): Markup {
  const { requests: all, grants, late, breakGlass, findings: found, calls } = summary;
  const values = [
    [all, "requests"],
    [grants, "grants"],
    [late.length, "ended late"],
    [breakGlass.length, "break-glass"],
    [found.open, "open findings"],
    [`${calls.confirmed} / ${calls.made}`, "calls confirmed"],
    [isComplete ? (trail === "files" ? "yes" : "not compared") : "no", "CloudTrail agrees"],
  ] as const;
  return markup`<ul class="tiles">
${values.map(([value, what]) => markup`<li><b>${value}</b><span>${what}</span></li>\n`)}</ul>
`;
}

function exceptionPart(report: AuditReport): Markup {
  const lines = exceptionsOf(report);
  return lines.length === 0
    ? markup`<div class="note good">${paragraph("No exception in this period.")}</div>
`
    : markup`<div class="note open">${paragraph(`${counted(lines.length, "exception")} to look at:`)}${list(lines)}</div>
`;
}

const REFUSED: ReadonlySet<string> = new Set(["denied", "lapsed", "cancelled", "failed"]);
const OUTCOMES = [
  { name: "granted", tone: "one" },
  { name: "refused or lapsed", tone: "three" },
  { name: "other", tone: "two" },
] as const;

function outcomesIn(rows: readonly ReportRow[]): readonly number[] {
  const granted = rows.filter(({ activeAt }) => activeAt !== null).length;
  const refused = rows.filter((row) => row.activeAt === null && REFUSED.has(row.state)).length;
  return [granted, refused, rows.length - granted - refused];
}

function population(report: AuditReport): Markup {
  const { summary, rows } = report;
  const asked = rows.filter(({ askedAt }) => askedAt >= report.from);
  const { unit, spans } = spansOf(report);
  const columns = spans.map(({ label, from, to }) => ({
    label,
    values: outcomesIn(asked.filter(({ askedAt }) => askedAt >= from && askedAt < to)),
  }));
  const [granted, refused, other] = outcomesIn(asked);
  const said = `Of ${counted(asked.length, "request")} asked, ${granted} were granted, ${refused} refused or lapsed, ${other} other.`;
  const nonZero = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).filter(([, count]) => count > 0);
  return markup`${[
    columnChart(`Requests per ${unit}`, said, OUTCOMES, columns),
    table(
      "Requests by their state at the end of the period",
      ["State", "Requests"],
      nonZero(summary.states),
    ),
    table(
      "Grants by what ended them",
      ["Ended by", "Grants"],
      [...nonZero(summary.ends), ["end not yet confirmed", summary.open]],
    ),
    facts([
      [
        "Approved by the policy",
        `${counted(summary.byPolicy.length, "grant")}, ${summary.breakGlass.length} of them break-glass`,
      ],
      ["Ended, and something else gave the access", counted(summary.stayed.length, "grant")],
      ["Reviews of break-glass", reviewsText(summary)],
      ["Unauthorized attempts", summary.attempts],
    ]),
  ]}`;
}

const DECISIONS = [
  { name: "approved with a note", tone: "one" },
  { name: "approved without a note", tone: "two" },
  { name: "denied", tone: "three" },
] as const;

function decisions({ summary: { approvers, approvalsWithoutNote } }: AuditReport): Markup {
  if (approvers.length === 0) return paragraph("Nobody decided in this period.");
  const rows = approvers.map((one) => ({
    label: one.person,
    values: [one.approvals - one.approvalsWithoutNote, one.approvalsWithoutNote, one.denials],
  }));
  const said = `${counted(approvers.length, "person")} decided; ${counted(approvalsWithoutNote, "approval")} without a note.`;
  return markup`${[
    barChart("Decisions", said, DECISIONS, rows),
    table(
      "Decisions by person",
      ["Person", "Approvals", "Without a note", "Denials"],
      approvers.map((one) => [one.person, one.approvals, one.approvalsWithoutNote, one.denials]),
    ),
  ]}`;
}

const CALLS = [
  { name: "confirmed", tone: "one" },
  { name: "unconfirmed", tone: "two" },
  { name: "missing", tone: "four" },
] as const;

function completeness({ summary, completeness: found, trail }: AuditReport): Markup {
  const { calls, findings } = summary;
  const said = `Of ${counted(calls.made, "call")} to EKS, CloudTrail confirms ${calls.confirmed}; ${calls.unconfirmed} are unconfirmed, ${calls.missing} missing.`;
  const values = [calls.confirmed, calls.unconfirmed, calls.missing];
  const difference = [
    ...found.unaccounted.map((id) => [code(id), "an event that nothing accounts for"] as const),
    ...found.accountedTwice.map((id) => [code(id), "an event with two accounts"] as const),
    ...found.unseenCalls.map((id) => [code(id), "a call that no event confirms"] as const),
    ...found.contradicted.map(
      (id) => [code(id), "an event that CloudTrail's files lack or contradict"] as const,
    ),
  ];
  return markup`${[
    barChart("Calls to EKS in CloudTrail", said, CALLS, [{ label: "calls", values }]),
    paragraph(`Additions and changes of access ${TRAILS[trail]}, and what accounts for each:`),
    facts([
      ["Events", found.events],
      ["Calls on record", found.confirmedCalls],
      ["Explained calls", found.explained],
      ["Findings", found.findings],
      ["Expected changes", found.expected],
      [
        "Agrees",
        found.isComplete
          ? badge(
              trail === "files" && findings.open === 0 ? "good" : "open",
              agreesText(trail, true, findings.open),
            )
          : badge("bad", "no: by name below"),
      ],
    ]),
    ...(difference.length === 0 ? [] : [table("The difference", ["Id", "What"], difference)]),
  ]}`;
}

function findings({ findings: all }: AuditReport): Markup {
  return table(
    "Changes that nothing explains, and calls that CloudTrail does not show: the gravest first",
    ["Code", "When", "What", "Requests", "Acknowledged"],
    all.map(({ happenedAt, what, code: kind, requestIds, acknowledgedBy }) => [
      kind,
      time(happenedAt),
      what,
      markup`${requestIds.map((id) => markup`${code(id)} `)}`,
      acknowledgedBy.length === 0
        ? badge("open", "open")
        : list(acknowledgedBy.map(({ actor, note }) => `${actor}: ${note}`)),
    ]),
  );
}

function policies({ policies: seen }: AuditReport): Markup {
  const rows = seen.map((one) => [
    code(one.policyHash),
    time(one.firstSeen),
    time(one.lastSeen),
    one.events,
  ]);
  const title = "Policies by the events of the period, in the order in which they were first seen";
  return markup`${[
    table(title, ["Policy", "First seen", "Last seen", "Events"], rows),
    paragraph(POLICIES_UNKNOWN),
  ]}`;
}

const sample = (drawn: ReportSample): Markup =>
  markup`${[facts(sampleFacts(drawn)), list(sampledLines(drawn))]}`;

const requests = (rows: readonly ReportRow[]): Markup =>
  rows.length === 0
    ? paragraph("There was none in this period.")
    : table(
        "Requests with an event in the period, in the order in which they were asked",
        ["Request", "Who, where, what", "Asked", "Approved by", "State", "Ended", "Calls"],
        rows.map((row) => [
          code(row.requestId),
          markup`${reportedAsker(row)} on ${row.cluster}: ${termsOf(row)}`,
          time(row.askedAt),
          row.approvedAt === null
            ? approversOf(row)
            : markup`${approversOf(row)}, ${time(row.approvedAt)}`,
          row.state,
          endText(row),
          callsText(row),
        ]),
      );

const termsOf = ({ access, askedFor, approvedFor }: ReportRow): string =>
  approvedFor === null ? access : `approved ${approvedFor}, in place of ${askedFor}`;

function approversOf({ decisions: made, byPolicy, breakGlass }: ReportRow): string {
  const people = made.flatMap((one) => (one.verdict === "approve" ? deciderText(one) : []));
  if (people.length > 0) return people.join(", ");
  return byPolicy ? `the policy${breakGlass ? " (break-glass)" : ""}` : "";
}

function endText({ activeAt, endedAt, endedBy, endProof, secondsLate }: ReportRow): Markup {
  if (activeAt === null) return endProof?.hadBegun ? markup`not seen active` : markup`never lent`;
  const late = secondsLate > 0 && badge("bad", `late by ${spanText(secondsLate)}`);
  return endedAt === null
    ? markup`end not yet confirmed ${late}`
    : markup`${time(endedAt)} by ${endedBy} ${stayedText(endProof)} ${late}`;
}

const callsText = ({ calls: { made, confirmed, missing } }: ReportRow): Markup =>
  made === 0
    ? markup`none`
    : missing > 0
      ? badge("bad", `${missing} missing`)
      : confirmed === made
        ? badge("good", `${made} confirmed`)
        : markup`${confirmed} of ${made} confirmed`;
