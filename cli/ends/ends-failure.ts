/** Failures of a command that ends several grants: each says what was ended, what may be, and what is left. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure, type NextSteps } from "../failures/failure.ts";
import type { StopSignal } from "../terminal/interruption.ts";
import { counted } from "../text/bundle-text.ts";
import { endedText } from "../text/request-text.ts";
import { spanText } from "../text/time-text.ts";
import { againOf, type Ending, type RefusedEnd, type SentEnds, statusOf } from "./ending.ts";
import type { EndsReport } from "./ends-report.ts";
import type { End, EndPlan } from "./plan-ends.ts";

/** How far the sending came. */
interface LeftEnds extends SentEnds {
  /** The one at which it stopped. */
  readonly end: End;
  readonly unsent: readonly End[];
}

/** How each end stands while it is followed. */
interface Followed {
  readonly seen: readonly Pick<RequestAnswer, "id" | "state">[];
  readonly refused: readonly RefusedEnd[];
}

/** After a signal. The failure of the end that was being sent says what became of that. */
export function stoppedSending(
  { plan }: Pick<Ending, "plan">,
  { exit, text }: Failure,
  left: LeftEnds,
): Failure {
  const interruption = text.facts?.["interruption"] as object | undefined;
  return new Failure(exit, "interrupted", {
    what: text.what,
    notDone: text.notDone,
    findings: linesOf(left),
    next: nextOf(plan, "end the rest:"),
    facts: { ...text.facts, interruption: { ...interruption, ...factsOf(left) } },
  });
}

/** Without an answer to one. */
export function cutShort(
  { plan }: Pick<Ending, "plan">,
  { exit, text }: Failure,
  left: LeftEnds,
): Failure {
  const isUnsure = text.unsure === true;
  return new Failure(exit, "ends-cut-short", {
    what: `${plan.ends.length - left.unsent.length - 1} of ${counted(plan.ends.length, "end")} were answered, and the next was not: ${text.what}`,
    notDone: isUnsure
      ? "That one may or may not have been made."
      : "Nothing was done of that one and of those after it.",
    unsure: isUnsure,
    findings: [
      `${isUnsure ? "May be ended" : "Not ended"}: ${visible(left.end.request.id)}`,
      ...linesOf(left),
    ],
    next: nextOf(plan, "end the rest:"),
    facts: { ends: factsOf({ ...left, unsure: isUnsure }) },
  });
}

/** After a signal while a read of the ends was awaited. */
export const stoppedFollowing = (
  { plan }: Pick<Ending, "plan">,
  by: StopSignal,
  { seen, refused }: Followed,
  rest: readonly string[],
): Failure =>
  new Failure(by === "SIGINT" ? "interrupted" : "terminated", "interrupted", {
    what: `${by === "SIGINT" ? "You stopped waiting." : "SIGTERM stopped the waiting."} ${storedText({ seen, refused })}`,
    notDone: "Nothing was undone.",
    findings: [...seenLines({ seen, refused }), ...rest],
    next: nextOf(plan, "look again until nothing is left:", rest.length > 0),
    facts: {
      interruption: { signal: by, waiting: seen.map(({ id, state }) => ({ id, state })) },
    },
  });

/** The failure where the API did not answer while a read of the ends was awaited. */
export const lostFollowing = (
  { plan }: Pick<Ending, "plan">,
  { exit, text }: Failure,
  followed: Followed,
): Failure =>
  new Failure(exit, "ends-not-followed", {
    what: `${storedText(followed)} The wait for their proof stopped: ${text.what}`,
    notDone: "Nothing was undone.",
    findings: seenLines(followed),
    next: nextOf(plan, "look again until nothing is left:"),
  });

/** Everything was printed before it. @param limitSeconds how long the command waited; undefined for not at all */
export function somethingRemains(
  plan: EndPlan,
  { notProven, notEnded, remaining }: EndsReport,
  limitSeconds: number | undefined,
): Failure {
  const waited = limitSeconds === undefined ? "" : ` after ${spanText(limitSeconds)}`;
  const why = [
    ...(notEnded.length > 0 ? [`${counted(notEnded.length, "request")} not ended`] : []),
    ...(notProven.length > 0 ? [`${counted(notProven.length, "end")} not proven${waited}`] : []),
    ...(remaining.some(({ access }) => access.length > 0) ? ["access that stays"] : []),
  ];
  const what = why.length === 0 ? "not everything could be read" : why.join(", ");
  return new Failure("remains", "access-remains", {
    what: `It is not known that all access of ${visible(plan.person)} is gone: ${what}.`,
    notDone: "Nothing was changed besides what is listed.",
    next: ["Next: see what is there now:", `  ${visible(statusOf(plan))}`],
  });
}

const storedText = ({ seen, refused }: Followed): string =>
  refused.length === 0
    ? "Every end is stored."
    : seen.length === 0
      ? "The API refused every end."
      : `The API refused ${counted(refused.length, "end")} and stored the others.`;

const seenLines = ({ seen, refused }: Followed): readonly string[] => [
  ...seen.map(({ id, state }) => `As last read, ${visible(id)} ${endedText(state)}.`),
  ...refused.map(refusedLine),
];

const refusedLine = ({ end, failure }: RefusedEnd): string =>
  `Refused: ${visible(end.request.id)}: ${failure.message}`;

const nextOf = (plan: EndPlan, said: string, isRead = false): NextSteps => [
  `Next: ${said}`,
  `  ${visible(againOf(plan))}`,
  `${isRead ? "See" : "Not read, so see"} what ${visible(plan.person)} can still do:`,
  `  ${visible(statusOf(plan))}`,
];

const linesOf = ({ taken, refused, unsent }: LeftEnds): readonly string[] => [
  ...taken.map(({ answer: { id, state } }) => `Sent before: ${visible(id)} ${endedText(state)}.`),
  ...refused.map(refusedLine),
  ...unsent.map(({ request: { id } }) => `Not sent: ${visible(id)}`),
];

const factsOf = ({
  taken,
  refused,
  unsent,
  ...more
}: Omit<LeftEnds, "end"> & { readonly end?: End; readonly unsure?: boolean }) => ({
  taken: taken.map(({ answer }) => answer.id),
  refused: refused.map(({ end }) => end.request.id),
  notSent: unsent.map(({ request }) => request.id),
  ...(more.unsure === true && more.end ? { unsure: more.end.request.id } : {}),
});
