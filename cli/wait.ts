import { setTimeout as pause } from "node:timers/promises";
import { isFinal } from "../shared/domain/requests/lifecycle.ts";
import type { State } from "../shared/domain/requests/request.ts";
import { parseDuration } from "../shared/domain/values/duration.ts";
import type { RequestAnswer } from "../shared/http/contract/answers.ts";
import type { Api } from "./api/api-client.ts";
import type { RequestChange, Sent } from "./changes/change.ts";
import { stoppedWaiting } from "./changes/send-change.ts";
import type { Context } from "./context.ts";
import { Failure } from "./failures/failure.ts";
import { untilInterrupted } from "./terminal/interruption.ts";
import { endedText, outcomeText, startsLater } from "./text/request-text.ts";
import { spanText } from "./text/time-text.ts";
import { type Progress, progressOf } from "./wait-progress.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.25;
/** How long the API may be out of reach before waiting is given up. */
const PATIENCE_MS = 60_000;

export interface WaitOptions {
  /** True for `--wait`, false for `--no-wait`; undefined where neither is given. */
  readonly wait?: boolean;
  /** A duration such as `90s` or `10m`. */
  readonly timeout?: string;
}

export interface Waiting {
  /** Nobody asked for it: a terminal waits by default. */
  readonly byDefault: boolean;
  /** Null for as long as it takes. */
  readonly timeoutSeconds: number | null;
  /** An earlier wait has shown the state from which this one begins. */
  readonly continues?: true;
}

/**
 * Whether to wait, and for how long. A terminal waits by default where the command says so;
 * `--timeout` by itself asks to wait.
 * @returns undefined for not at all
 * @throws Failure `usage`
 */
export function waitingOf(
  { screen, json }: Context,
  { wait, timeout }: WaitOptions,
  byDefault: boolean,
): Waiting | undefined {
  const timeoutSeconds = timeout === undefined ? null : timeoutOf(timeout);
  if (wait === false) {
    if (timeout !== undefined)
      throw wrongWait("--timeout and --no-wait exclude each other.", "leave one of them out.");
    return undefined;
  }
  if (wait || timeout !== undefined) return { byDefault: false, timeoutSeconds };
  return byDefault && screen.interactive && !json
    ? { byDefault: true, timeoutSeconds: null }
    : undefined;
}

function timeoutOf(text: string): number {
  try {
    return parseDuration(text, true);
  } catch {
    throw wrongWait(`--timeout "${text}" is not a duration.`);
  }
}

const wrongWait = (
  what: string,
  next = "write whole hours, minutes and seconds, such as 90s or 10m.",
) => new Failure("usage", "usage", { what, notDone: "Nothing was sent.", next: [`Next: ${next}`] });

/** The goal of a wait: access that can be used, or the proof that it is gone. */
export type Goal = "effective" | "ended";

const GOALS: Readonly<Record<Goal, { is: (s: State) => boolean; may: (s: State) => boolean }>> = {
  effective: {
    is: (state) => state === "active",
    may: (state) => state === "pending" || state === "approved",
  },
  ended: { is: isFinal, may: () => true },
};

/**
 * Waits until the goal is reached, and shows every state on the way. Ctrl-C stops waiting, and says
 * what undoes the change. By default, it does not wait for a start that is planned for later.
 *
 * @param sent the change that the API has answered
 * @throws Failure `noAccess` where access will not come; `timeout`; `unavailable`; `interrupted`;
 *   `terminated`
 */
export async function waitUntil(
  context: Context,
  api: Api,
  first: RequestAnswer,
  goal: Goal,
  waiting: Waiting,
  sent: Sent<RequestChange>,
): Promise<RequestAnswer> {
  const { timeoutSeconds, continues } = waiting;
  const progress = progressOf(context, continues && first);
  const clock = timeoutSeconds === null ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    return await untilInterrupted(
      (signal) => {
        const stop = clock ? AbortSignal.any([signal, clock]) : signal;
        const work = follow(context, api, first, goal, waiting, progress, stop);
        return work.catch((error: unknown) => {
          if (clock?.aborted && !signal.aborted) throw timedOut(progress.last ?? first, waiting);
          throw error;
        });
      },
      async (by, signals) => {
        const last = progress.last ?? first;
        progress.end();
        throw await stoppedWaiting(api, sent, last, by, signals);
      },
    );
  } finally {
    progress.end();
  }
}

async function follow(
  context: Context,
  api: Api,
  first: RequestAnswer,
  goal: Goal,
  { byDefault }: Waiting,
  progress: Progress,
  signal: AbortSignal,
): Promise<RequestAnswer> {
  const { is, may } = GOALS[goal];
  let request = first;
  let lost: number | undefined;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * GROWTH, LONGEST_PAUSE_MS)) {
    if (lost === undefined) progress.show(request);
    if (is(request.state)) return request;
    if (!may(request.state)) throw noAccess(request);
    if (byDefault && request.state === "approved" && startsLater(request, context.now()))
      return request;
    await pause(wait, undefined, { signal });
    try {
      request = await api.send({ method: "GET", path: `/v1/requests/${request.id}` });
      lost = undefined;
    } catch (error) {
      const passing = error instanceof Failure && error.exit === "unavailable";
      lost ??= Date.now();
      if (!passing || Date.now() - lost > PATIENCE_MS) throw error;
      progress.lose();
    }
  }
}

function noAccess(request: RequestAnswer): Failure {
  const { id, state, outcome, effectiveAt } = request;
  const isEnding = state === "ending";
  const was = effectiveAt === null ? "Access did not become active" : "Access was active";
  const had = `${was}${isEnding ? ", and what was added is being removed" : ""}`;
  const says = outcome === null ? "" : outcomeText(outcome);
  // The words of a denial name the state themselves.
  const isSaid = says.toLowerCase().startsWith(state);
  const why = isSaid ? `. ${says}` : `: the request ${endedText(state)}.${says && ` ${says}`}`;
  return new Failure("noAccess", `request-${state}`, {
    what: `${had}${why}`,
    notDone: isEnding ? "Nothing more is added for it." : "Nothing more will happen to it.",
    next: ["Next: see its history, and ask again if you still need it:", `  timelatch show ${id}`],
    facts: { request },
  });
}

const timedOut = (request: RequestAnswer, { timeoutSeconds }: Waiting) =>
  new Failure("timeout", "wait-timeout", {
    what: `Stopped waiting after ${spanText(timeoutSeconds ?? 0)}: the request is ${request.state}.`,
    notDone: "Nothing was changed by waiting.",
    next: ["Next: see where it stands:", `  timelatch show ${request.id}`],
    facts: { request },
  });
