/** All that one person's requests give, before it ends and after. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { EndsReport, Rest } from "../ends/ends-report.ts";
import type { EndPlan } from "../ends/plan-ends.ts";
import { Failure } from "../failures/failure.ts";
import type { Stream } from "../terminal/screen.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import { accessLeftText, stillLine } from "./person-access-text.ts";
import { requestColumns, requestStateText, termsText } from "./request-text.ts";

interface Planned {
  readonly request: RequestSummary;
  readonly becomes: string;
}

const BECOMES = { cancel: "cancelled", return: "returned", revoke: "revoked" } as const;

/** The ends to come, those under way, and what stays, as a table. */
export function planText(
  { ends, underway, pending }: EndPlan,
  now: string,
  out: Pick<Stream, "columns" | "paint">,
): string {
  const rows: readonly Planned[] = [
    ...ends.flatMap(({ verb, request, others }) =>
      [request, ...others].map((each) => ({ request: each, becomes: BECOMES[verb] })),
    ),
    ...underway.map((request) => ({ request, becomes: "ends already" })),
    ...pending.map((request) => ({ request, becomes: "stays" })),
  ];
  if (rows.length === 0) return "";
  const known = requestColumns(
    now,
    rows.map(({ request }) => request),
  );
  const columns: readonly Column<Planned>[] = [
    { title: "THEN", text: ({ becomes }) => becomes },
    ...known
      .filter(({ title }) => title !== "WHO" && title !== "REASON")
      .map(
        (column): Column<Planned> => ({
          ...column,
          text: ({ request }) => column.text(request),
          style: ({ request }) => column.style?.(request),
        }),
      ),
  ];
  return renderTable(rows, columns, out);
}

/** `End these 3 requests of alice now?` */
export function planQuestion({ person, ends, isOwn }: EndPlan): string {
  const count = ends.reduce((sum, { others }) => sum + 1 + others.length, 0);
  const whose = isOwn ? "yours" : visible(person);
  return `End ${count === 1 ? "this request" : `these ${count} requests`} of ${whose} now?`;
}

/** The ends that were made, those that were not, and the person's remaining access. */
export function endsText(
  plan: EndPlan,
  report: EndsReport,
  rest: readonly Rest[],
  now: string,
): string {
  const { ended, notProven, notEnded, pending } = report;
  return [
    ...part(`Over (${ended.length}):`, ended, (each) => endLines(each, now)),
    ...part(`Ended, and not read back as gone yet (${notProven.length}):`, notProven, (each) =>
      endLines(each, now),
    ),
    ...part(`NOT ended (${notEnded.length}):`, notEnded, (each) => [
      line(each),
      `    ${detailOf(each.problem)}`,
    ]),
    ...part(`Pending, and not yours to end (${pending.length}):`, pending, pendingLines),
    ...(ended.length + notProven.length + notEnded.length + pending.length === 0
      ? [`No request of ${visible(plan.person)} that you may see is open there.`]
      : []),
    ...restText(plan, rest, now),
    ...(plan.isOwn ? [] : suspendLines(plan.person)),
    "",
  ].join("\n");
}

/** The person's remaining access, a line each. @param rest empty where it was not read */
export const restText = (plan: EndPlan, rest: readonly Rest[], now: string): readonly string[] =>
  rest.flatMap((each) => restLines(plan, each, rest, now));

const part = <Each>(
  title: string,
  all: readonly Each[],
  lines: (each: Each) => readonly string[],
): readonly string[] => (all.length === 0 ? [] : [title, ...all.flatMap(lines)]);

const line = (request: RequestSummary | RequestAnswer): string =>
  `  ${visible(request.id)}  ${termsText(request)}`;

/** A request of a list has no more than that; what was read has its proof. */
const endLines = (request: RequestSummary | RequestAnswer, now: string): readonly string[] => [
  line(request),
  ...("digest" in request ? [`    ${requestStateText(request, now).split("\n")[0]}`] : []),
];

const pendingLines = (request: RequestSummary): readonly string[] => [
  line(request),
  `    timelatch deny ${visible(request.id)}`,
];

const suspendLines = (person: string): readonly string[] => [
  `Not listed: requests of ${visible(person)} that wait for decisions which are not yours. An admin keeps all of them from being approved:`,
  `  timelatch suspend ${visible(person)}`,
];

const detailOf = (problem: unknown): string =>
  visible(String((problem as { readonly detail?: unknown }).detail ?? ""));

function restLines(
  { person, isOwn }: EndPlan,
  { place, access }: Rest,
  all: readonly Rest[],
  now: string,
): readonly string[] {
  const verb = isOwn ? "return" : "revoke";
  if (access instanceof Failure) {
    const where = place === undefined ? "" : ` on ${visible(place)}`;
    return [`Not known: what ${visible(person)} can do${where}. ${visible(access.text.what)}`];
  }
  if (place !== undefined)
    return accessLeftText({ person, cluster: place, grant: "No grant" }, access, {
      verb,
      now,
    }).split("\n");
  const named = new Set(all.map((each) => each.place));
  return elsewhereLines(person, access, named, { verb, now });
}

/** On clusters that have no lines of their own. */
function elsewhereLines(
  person: string,
  access: PersonAccessAnswer,
  named: ReadonlySet<string | undefined>,
  seen: Parameters<typeof stillLine>[2],
): readonly string[] {
  const who = visible(person);
  const elsewhere = named.size > 1 ? "elsewhere" : "anywhere";
  const grants = access.access.filter(({ cluster }) => !named.has(cluster));
  return [
    ...(grants.length > 0
      ? grants.flatMap((each) => stillLine(who, each, seen).split("\n"))
      : [`No grant that you may see gives ${who} access ${elsewhere}.`]),
    `Not read: standing access ${named.size > 1 ? "on other clusters" : "on any cluster"}.`,
  ];
}
