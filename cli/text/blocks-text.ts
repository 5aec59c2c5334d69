/** Obstacles to a person's access, their pending requests, and access elsewhere, for people. */
import type {
  AccessBlock,
  Drained,
  OutsideHours,
  Suspended,
} from "../../shared/domain/entries/access-blocks.ts";
import { liftClause } from "../../shared/domain/stops/lifters.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type {
  PersonAccessAnswer,
  WaitingAnswer,
} from "../../shared/http/contract/person-access-answer.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { whatOnText, whatText } from "./person-access-text.ts";
import { requirementText } from "./requirement-text.ts";
import { awayText, shortTime } from "./time-text.ts";

/** An older API says nothing of them. */
type Beside = Pick<PersonAccessAnswer, "person"> &
  Partial<Pick<PersonAccessAnswer, "blocks" | "waiting" | "grantsElsewhere">>;

/** Each as a sentence, and the command for who may lift it beneath. */
export const blockLines = (
  { blocks = [] }: Pick<Beside, "blocks">,
  now: string,
): readonly string[] => blocks.map((block) => blockText(block, now));

/** The same in red, to stand beneath the facts of a request; empty if nothing blocks. */
export function blocksText(
  request: Pick<Beside, "blocks">,
  now: string,
  stream: Pick<Stream, "paint" | "columns">,
): string {
  const lines = blockLines(request, now).map((line) => wrapLines(line, stream.columns));
  return lines.length === 0 ? "" : `\n${stream.paint("red", lines.join("\n"))}\n`;
}

function blockText(block: AccessBlock, now: string): string {
  if (block.code === "suspended") return suspendedText(block, now);
  return block.code === "drained" ? drainedText(block, now) : closedText(block, now);
}

function suspendedText(block: Suspended, now: string): string {
  const who = visible(block.person);
  const what =
    block.principalArn === null
      ? "Requests are refused, and grants end"
      : `Grants to ${visible(block.principalArn)} end, since ${who} may use it too`;
  const done = `${visible(block.by)} suspended ${who} ${since(block.at, now)}`;
  return stopText("SUSPENDED", `${done}${reasonOf(block)}. ${what}`, block, `suspend ${who}`);
}

const drainedText = (block: Drained, now: string): string =>
  stopText(
    "DRAINED",
    `${visible(block.by)} drained the broker ${since(block.at, now)}${reasonOf(block)}. Requests are refused, and grants end`,
    block,
    "drain",
  );

const since = (at: string, now: string): string => `at ${shortTime(at, now)}, ${awayText(at, now)}`;

const reasonOf = ({ reason }: Pick<Suspended, "reason">): string =>
  reason === null ? "" : `: ${visible(reason)}`;

const stopText = (
  word: string,
  text: string,
  block: Suspended | Drained,
  command: string,
): string => {
  const lines = [`${word}: ${text}; ${visible(liftClause(block))}.`];
  return [...lines, ...(block.mayLift ? [`  timelatch ${command} --lift`] : [])].join("\n");
};

const closedText = ({ rule, opensAt }: OutsideHours, now: string): string =>
  `Rule ${visible(rule)} is outside of its hours; it ${
    opensAt === null
      ? "does not open in the next 15 days"
      : `opens ${shortTime(opensAt, now)}, ${awayText(opensAt, now)}`
  }.`;

/** Each with the command that shows it. */
export const waitingLines = ({ waiting = [] }: Beside, now: string): readonly string[] =>
  waiting.map((each) => `${waitingText(each, now)}\n  timelatch show ${visible(each.id)}`);

/** `Waits since 10:02 UTC for approval by bob of leads: AmazonEKSEditPolicy in a on prod; it lapses …` */
function waitingText(request: WaitingAnswer, now: string): string {
  const { cluster, since: from, lapsesAt, needs } = request;
  const longer = request.extends === undefined ? "" : ", longer";
  return `Waits since ${shortTime(from, now)} for ${whomText(needs, now)}: ${whatOnText(request, cluster)}${longer}; it lapses ${awayText(lapsesAt, now)}.`;
}

const whomText = (needs: WaitingAnswer["needs"], now: string): string =>
  needs.length === 0 ? "a decision" : `approval by ${requirementText(needs, now)}`;

/** `for AmazonEKSEditPolicy in a waits for approval by bob of leads; it lapses in 2h` */
export const waitsText = (request: WaitingAnswer, now: string): string =>
  `for ${whatText(request)} waits for ${whomText(request.needs, now)}; it lapses ${awayText(request.lapsesAt, now)}`;

/** Empty if no grant is elsewhere, or all clusters are shown. */
export const elsewhereLines = ({ person, grantsElsewhere = null }: Beside): readonly string[] =>
  grantsElsewhere === null || grantsElsewhere === 0
    ? []
    : [
        `${grantsElsewhere === 1 ? "1 grant" : `${grantsElsewhere} grants`} on other clusters:`,
        `  timelatch status ${visible(person)}`,
      ];
