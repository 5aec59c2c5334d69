/** The progress of a wait: the state of the request. */
import type { State } from "../shared/domain/requests/request.ts";
import { visible } from "../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../shared/http/contract/answers.ts";
import { type Context, remark } from "./context.ts";
import { truncate } from "./terminal/text-layout.ts";
import { isEarlyEnd, needsText, startsLater } from "./text/request-text.ts";
import { awayText, fullTime, shortTime, spanText } from "./text/time-text.ts";

/** Columns kept free, so that the terminal's `^C` does not break the line. */
const INTERRUPT_ECHO = 3;

const LOST = "The API does not answer; trying again. The request stays as it is.";

export interface Progress {
  show(request: RequestAnswer): void;
  /** The API does not answer for the moment. */
  lose(): void;
  end(): void;
  /** The request as it was shown last. */
  readonly last: RequestAnswer | undefined;
}

/**
 * One line that is rewritten on a terminal; elsewhere one line for each new state.
 * @param before what an earlier wait has shown already
 */
export function progressOf(context: Context, before?: RequestAnswer): Progress {
  const { err } = context.screen;
  const started = Date.now();
  let shown = before && !err.terminal ? newsOf(before, context.now()) : "";
  let last: RequestAnswer | undefined;
  /** @param news what differs where there is something to say elsewhere than on a terminal */
  const line = (text: string, news: string) => {
    if (err.terminal) {
      const waited = ` (${spanText((Date.now() - started) / 1000)}; Ctrl-C stops waiting)`;
      const room = err.columns - waited.length - INTERRUPT_ECHO;
      remark(context, `\r\u001b[K${truncate(text, room)}${waited}`);
    } else if (news !== shown) remark(context, `${text}\n`);
    shown = news;
  };
  return {
    show(request) {
      last = request;
      const text = stageText(request, context.now(), err.terminal ? shortTime : fullTime);
      line(text, newsOf(request, context.now()));
    },
    lose: () => line(LOST, LOST),
    end() {
      if (err.terminal && shown !== "") remark(context, "\r\u001b[K");
    },
    get last() {
      return last;
    },
  };
}

/** The missing approvers change while a request is pending. Later only the time passes. */
const newsOf = (request: RequestAnswer, now: string): string =>
  request.state === "pending" ? needsText(request, now) : request.state;

/** When a state was reached, as the broker says. */
const REACHED: Readonly<Partial<Record<State, (request: RequestAnswer) => string | null>>> = {
  pending: ({ createdAt }) => createdAt,
  approved: ({ approvedAt }) => approvedAt,
  active: ({ effectiveAt }) => effectiveAt,
  ended: ({ endedAt }) => endedAt,
};

/** @param timeText how the instant is written: short on a terminal, where it takes one line */
function stageText(
  request: RequestAnswer,
  now: string,
  timeText: (instant: string, now: string) => string,
): string {
  const { state, startsAt } = request;
  const reached = REACHED[state]?.(request) ?? now;
  const stages: Readonly<Partial<Record<State, string>>> = {
    pending: `waiting for ${needsText(request, now)}`,
    approved:
      startsAt !== null && startsLater(request, now)
        ? `starts ${fullTime(startsAt)}, ${awayText(startsAt, now)}`
        : "adding access",
    active: "access is active",
    ending: isEarlyEnd(request) ? "removing access" : "removing access at its end",
    ended: "this grant is over",
  };
  const stage = stages[state];
  return `${timeText(reached, now)}  ${visible(state)}${stage === undefined ? "" : `: ${stage}`}`;
}
