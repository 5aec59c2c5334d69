/** Sends a change, so that Ctrl-C says what was sent, what came of it, and what undoes it. */
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import type { Api } from "../api/api-client.ts";
import { accessBeside } from "../api/person-access.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { openSignals, type Signals, type StopSignal } from "../terminal/interruption.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { withinOr } from "../terminal/within.ts";
import { mayHaveLent } from "../text/person-access-text.ts";
import type { ChangeAnswer, ChangeName, Sent } from "./change.ts";
import { changeOf, type Outcome, stoppedFailure } from "./interruption-failure.ts";

/** How long a stopped command goes on. */
export interface Patience {
  /** Time for the answer of a call that has left. */
  readonly answerMs: number;
  /** Time for each read afterwards. */
  readonly readMs: number;
}

const PATIENCE: Patience = { answerMs: 5_000, readMs: 5_000 };

/**
 * Sends a change and answers what the API answers. After Ctrl-C or SIGTERM, nothing leaves any more. It
 * waits a little for the answer to what has left, and the next signal ends that. Then it reads what
 * became of it.
 *
 * @throws Failure of the API; `interrupted` or `terminated`, which says what is known
 */
export async function sendChange<Name extends ChangeName>(
  context: Context,
  api: Api,
  sent: Sent<Name>,
  patience: Patience = PATIENCE,
): Promise<ChangeAnswer<Name>> {
  const signals = openSignals();
  const stop = new AbortController();
  let leftAt: string | undefined;
  const leaves = () => {
    leftAt ??= context.now();
  };
  try {
    const answer = api.send<ChangeAnswer<Name>>(sent.call, { signal: stop.signal, leaves });
    const settled = answer.then(
      (done): Outcome<Name> => ({ kind: "done", answer: done }),
      outcomeOfFailure,
    );
    const by = await Promise.race([signals.nth(1), settled.then(() => undefined)]);
    if (by === undefined) return noted(context, sent, await answer);
    stop.abort(by);
    leaveLine(context);
    if (leftAt === undefined) throw stoppedFailure({ by, sent, who: undefined }, NOT_SENT);
    throw await failureAfter({ context, api, sent, signals, patience, since: leftAt }, by, settled);
  } finally {
    signals.close();
  }
}

/** Takes down that the change is stored. */
function noted<Name extends ChangeName>(
  context: Context,
  sent: Sent<Name>,
  answer: ChangeAnswer<Name>,
): ChangeAnswer<Name> {
  context.stored.add(() => changeOf(sent).happened(answer, sent));
  return answer;
}

const NOT_SENT = { kind: "not-sent" } as const;
const UNKNOWN = { kind: "unknown" } as const;

function outcomeOfFailure(error: unknown): Outcome<never> {
  const isKnown = error instanceof Failure && error.text.unsure !== true;
  return isKnown ? { kind: "refused", failure: error } : UNKNOWN;
}

/** A command that was stopped after its change had left. */
interface Left<Name extends ChangeName> {
  readonly context: Context;
  readonly api: Api;
  readonly sent: Sent<Name>;
  readonly signals: Signals;
  readonly patience: Patience;
  readonly since: string;
}

async function failureAfter<Name extends ChangeName>(
  left: Left<Name>,
  by: StopSignal,
  settled: Promise<Outcome<Name>>,
): Promise<Failure> {
  const { context, api, sent, signals, patience } = left;
  const text = `${changeOf(sent).what(sent)} was sent. Waiting up to ${patience.answerMs / 1000} s for the answer; Ctrl-C again stops that.\n`;
  remark(context, wrapLines(text, context.screen.err.columns));
  const answered = await withinOr(UNKNOWN, settled, patience.answerMs, signals.nth(2));
  const isOpen = answered.kind === "unknown";
  const next = signals.nth(isOpen ? 3 : 2);
  const who =
    isOpen || changeOf(sent).asksWho
      ? await withinOr(undefined, whoAmI(api), patience.readMs, next)
      : undefined;
  if (!isOpen) return stoppedFailure({ by, sent, who }, answered);
  const late = settled.then((outcome) =>
    outcome.kind === "unknown" ? new Promise<never>(() => undefined) : outcome,
  );
  const read = Promise.race([late, traced(left, who)]);
  const outcome = await withinOr(UNKNOWN, read, patience.readMs, signals.nth(3));
  const remaining = await restOf(api, sent, outcome, patience, signals.nth(4));
  return stoppedFailure({ by, sent, who, remaining }, outcome);
}

/** The remaining access of the requester of an end. An answer that came in time says it itself. */
async function restOf<Name extends ChangeName>(
  api: Api,
  sent: Sent<Name>,
  outcome: Outcome<Name>,
  { readMs }: Patience,
  stopped: Promise<StopSignal>,
): Promise<PersonAccessAnswer | undefined> {
  if (changeOf(sent).ends === undefined || outcome.kind !== "done") return undefined;
  const ended = outcome.answer as RequestAnswer;
  return mayHaveLent(ended) && ended.remaining === undefined
    ? withinOr(undefined, accessBeside(api, ended), readMs, stopped)
    : undefined;
}

/** The failure of a command that was stopped while it waited, after its change was answered. */
export async function stoppedWaiting<Name extends ChangeName>(
  api: Api,
  sent: Sent<Name>,
  last: ChangeAnswer<Name>,
  by: StopSignal,
  signals: Signals,
): Promise<Failure> {
  const who = changeOf(sent).asksWho
    ? await withinOr(undefined, whoAmI(api), PATIENCE.readMs, signals.nth(2))
    : undefined;
  const outcome = { kind: "done", answer: last } as const;
  // The answer of the end may be out of date by now.
  const remaining = await restOf(api, sent, outcome, PATIENCE, signals.nth(2));
  return stoppedFailure({ by, sent, who, waiting: true, remaining }, outcome);
}

/** Reads what became of the change. It proves nothing where it does not show it: a call may be late. */
async function traced<Name extends ChangeName>(
  { context, api, sent, since }: Left<Name>,
  who: WhoAmIAnswer | undefined,
): Promise<Outcome<Name>> {
  if (!who) return UNKNOWN;
  const readAt = context.now();
  try {
    const answer = await changeOf(sent).trace({ api, who, since }, sent);
    return answer ? { kind: "done", answer } : { kind: "unknown", readAt };
  } catch {
    // A read that fails says nothing about the change.
    return UNKNOWN;
  }
}

const whoAmI = (api: Api): Promise<WhoAmIAnswer | undefined> =>
  api.send<WhoAmIAnswer>({ method: "GET", path: "/v1/whoami" }).catch(() => undefined);

/** The terminal's `^C` stands alone on its line. */
function leaveLine(context: Context): void {
  if (context.screen.err.terminal) remark(context, "\n");
}
