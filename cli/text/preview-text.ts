/** A decision before its request, for people. */
import { describeAccess } from "../../shared/domain/entries/access.ts";
import type { PreviewAllowed, PreviewRefused } from "../../shared/http/contract/answers.ts";
import { Failure, undoneUnlessSaid } from "../failures/failure.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { visible, wrap, wrapLines } from "../terminal/visible-text.ts";
import { isShortened, PERMITS_LEGEND, permitFacts } from "./permits-text.ts";
import { requirementText } from "./request-text.ts";
import { fullTime } from "./time-text.ts";

/** What would be granted, who could approve it, what it permits, and what is easily overlooked. */
export function previewText(preview: PreviewAllowed, out: Stream): string {
  return [
    renderFacts(termFacts(preview), out),
    `\n${out.paint("bold", "Permits")}\n`,
    permitsText(preview, out),
    ...(preview.warnings.length > 0 ? [`\n${out.paint("bold", "Mind")}\n`] : []),
    ...preview.warnings.map(({ detail }) => warningText(visible(detail), out)),
  ].join("");
}

function termFacts(preview: PreviewAllowed): readonly Fact[] {
  const { startsAt, requirements } = preview;
  const from =
    startsAt === null ? (requirements.length > 0 ? "from its approval on" : "at once") : undefined;
  return [
    ["Access", visible(describeAccess(preview.access))],
    ["Cluster", `${visible(preview.cluster)} (${visible(preview.clusterArn)})`],
    ["As", visible(preview.principalArn)],
    ["For", `${visible(preview.duration)}, ${from ?? `from ${fullTime(startsAt ?? "")} on`}`],
    [
      "Rule",
      `${visible(preview.rule)}${preview.breakGlass ? " (BREAK GLASS: alerts, and is reviewed afterwards)" : ""}`,
    ],
    ["Needs", requirementText(requirements)],
  ];
}

function permitsText({ permits }: PreviewAllowed, out: Stream): string {
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

/** What became of a preview that says no: every reason, in the API's order: what came closest first. */
export function refusalOf({ problem, detail, refusals, errors }: PreviewRefused): Failure {
  const findings = [
    ...errors.map(({ pointer, detail: wrong }) => `${pointer || "/"}: ${wrong}`),
    ...refusals.flatMap(({ rule, objections }) => [
      `${rule}:`,
      ...objections.map((objection) => `  ${objection.detail}`),
    ]),
  ];
  const why = findings.length > 0 ? "." : `: ${detail}`;
  return new Failure("refused", problem, {
    happened: `This would be refused (${problem})${why}`,
    undone: undoneUnlessSaid(why, "Nothing was requested."),
    findings,
    next: [
      "Next: change what stands in the way, or see what you may ask for with timelatch access.",
    ],
    facts: { refusals, errors },
  });
}

/** One sentence in front of a preview. */
export function verdictText({ requirements, rule }: PreviewAllowed, columns: number): string {
  const then =
    requirements.length === 0 ? "it would be granted at once" : "it would wait for approval";
  return wrapLines(`Allowed by ${visible(rule)}: ${then}. Nothing was requested yet.\n`, columns);
}
