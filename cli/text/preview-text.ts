/** A dry run of a request, for people. */
import { describeAccess, describeAccessOn } from "../../shared/domain/requests/access-text.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { PreviewAllowed, PreviewRefused } from "../../shared/http/contract/answers.ts";
import { Failure, notDoneUnlessSaid } from "../failures/failure.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { truncate, wrap, wrapLines } from "../terminal/text-layout.ts";
import { extendFacts } from "./extension-text.ts";
import { hoursFacts } from "./hours-text.ts";
import { leanFacts } from "./on-call-text.ts";
import { isShortened, PERMITS_LEGEND, permitFacts, permitLine } from "./permits-text.ts";
import { flagText } from "./pointer-text.ts";
import { ruleText } from "./request-facts.ts";
import { reviewToCome } from "./review-text.ts";
import { approvalBy, thenText, ticketToCome } from "./ticket-text.ts";
import { fullTime } from "./time-text.ts";

/**
 * The permissions, the parts that are easily overlooked, and last the terms, right above the
 * question. `verbose` lists every permission in place of one line. `more` stands below the terms.
 */
export function previewText(
  preview: PreviewAllowed,
  out: Stream,
  verbose: boolean,
  more: readonly Fact[] = [],
): string {
  const { warnings } = preview;
  return [
    ...(verbose
      ? [`${out.paint("bold", "Permits")}\n`, permitsText(preview.permits, out), "\n"]
      : []),
    ...warnings.map(({ detail }) => warningText(visible(detail), out)),
    ...(warnings.length > 0 ? ["\n"] : []),
    renderFacts([...termFacts(preview, verbose, out), ...more], out),
  ].join("");
}

/** One of several things that are asked for at once: what it is, for how long, and who agrees; then what is easily overlooked. */
export function partText(preview: PreviewAllowed, out: Stream): string {
  const { access, cluster, duration, startsAt, rule, breakGlass, requirements } = preview;
  const from = startsAt === null ? "" : `, from ${fullTime(startsAt)} on`;
  const facts: readonly Fact[] = [
    ["Access", visible(describeAccessOn(access, cluster))],
    ["For", `${visible(duration)}${from}, by ${ruleText(rule, breakGlass)}`],
    ["Needs", approvalBy(requirements, preview.ticketTerms !== undefined)],
  ];
  const warnings = preview.warnings.map(({ detail }) => warningText(visible(detail), out));
  return [renderFacts(facts, out), ...warnings].join("");
}

function termFacts(preview: PreviewAllowed, verbose: boolean, out: Stream): readonly Fact[] {
  const { startsAt, requirements } = preview;
  const from =
    startsAt === null
      ? requirements.length > 0
        ? "from its approval on"
        : "at once"
      : `from ${fullTime(startsAt)} on`;
  return [
    ["Rule", ruleText(preview.rule, preview.breakGlass)],
    ["As", visible(preview.principalArn)],
    ...(verbose ? [] : permitsFact(preview, out)),
    ["Cluster", visible(preview.cluster)],
    ["Access", visible(describeAccess(preview.access))],
    ["For", `${visible(preview.duration)}, ${from}`],
    ...hoursFacts(preview.hours),
    ["Needs", approvalBy(requirements, preview.ticketTerms !== undefined)],
    ...leanFacts(preview.onCall, preview.endsWithShift),
    ...ticketToCome(preview),
    ...reviewToCome(preview.review),
    ...extendFacts(preview.extend),
  ];
}

const ALL_PERMITS = " (all: --verbose)";
/** Columns in front of a value: the longest name among the facts, and the space around it. */
const NAMES_WIDTH = "  Permits  ".length;

/** One line on a terminal; what it leaves out is in `--verbose`. */
function permitsFact({ permits: { rules, note } }: PreviewAllowed, out: Stream): readonly Fact[] {
  const room = out.columns - NAMES_WIDTH - ALL_PERMITS.length;
  const line = rules === null ? truncate(visible(note ?? ""), room) : permitLine(rules, room);
  return line === "" ? [] : [["Permits", `${line}${ALL_PERMITS}`]];
}

/** Every verb that access permits in Kubernetes, and the page that says so. */
export function permitsText(permits: PreviewAllowed["permits"], out: Stream): string {
  const { rules, note, source, asOf } = permits;
  const facts = rules === null ? [] : permitFacts(rules);
  const legend = facts.some(([verbs]) => isShortened(verbs)) ? [PERMITS_LEGEND] : [];
  const from =
    source === null
      ? []
      : [`As published ${asOf === null ? "" : `on ${visible(asOf)} `}in ${visible(source)}`];
  const remarks = [...(note === null ? [] : [visible(note)]), ...legend, ...from];
  return [
    ...(facts.length > 0 ? [renderFacts(facts, out)] : []),
    ...remarks.map((text) =>
      wrap(text, out.columns - 2)
        .map((line) => `  ${out.paint("dim", line)}\n`)
        .join(""),
    ),
  ].join("");
}

const warningText = (detail: string, out: Stream) => {
  const [first = "", ...rest] = wrap(detail, out.columns - 4);
  return [`  ${out.paint("yellow", "!")} ${first}`, ...rest.map((line) => `    ${line}`), ""].join(
    "\n",
  );
};

/**
 * A dry run that says no, with the objections of the rule that comes closest, which the API puts
 * first. `all` adds those of the other rules.
 */
export function refusalOf(
  { problem, detail, refusals, errors }: PreviewRefused,
  all = true,
): Failure {
  const shown = all ? refusals : refusals.slice(0, 1);
  const others = refusals.length - shown.length;
  const findings = [
    ...errors.map(({ pointer, detail: wrong }) => `${flagText(pointer)}: ${wrong}`),
    ...shown.flatMap(({ rule, objections }) => [
      `${rule}:`,
      ...objections.map((objection) => `  ${objection.detail}`),
    ]),
  ];
  const why = findings.length > 0 ? "." : `: ${detail}`;
  const more =
    others > 0
      ? [
          `${others === 1 ? "1 other rule refuses" : `${others} other rules refuse`} it too: timelatch preview --all shows why.`,
        ]
      : [];
  return new Failure("refused", problem, {
    what: `This request would be refused (${problem})${why}`,
    notDone: notDoneUnlessSaid(why, "Nothing was requested."),
    findings,
    next: [
      "Next: change these options, or see what you may ask for with timelatch access.",
      ...more,
    ],
    facts: { refusals, errors },
  });
}

/** One sentence in front of a dry run. */
export function verdictText(preview: PreviewAllowed, columns: number): string {
  const by = visible(preview.rule);
  return wrapLines(`Allowed by ${by}: ${thenText(preview)}. Nothing was requested.\n`, columns);
}
