import { setTimeout as pause } from "node:timers/promises";
import type { State } from "../shared/domain/requests/request.ts";
import { parseClusterArn } from "../shared/domain/values/arn.ts";
import type { RequestAnswer } from "../shared/http/contract/answers.ts";
import type { Api } from "./api/api-client.ts";
import { type Context, remark } from "./context.ts";
import { Failure } from "./failures/failure.ts";
import { untilInterrupted } from "./terminal/interruption.ts";
import { truncate, visible } from "./terminal/visible-text.ts";
import { requirementText } from "./text/request-text.ts";
import { awayText, fullTime, spanText, utcTime } from "./text/time-text.ts";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.25;
/** How long the API may be out of reach before waiting is given up. */
const PATIENCE_MS = 60_000;
/** Columns kept free, so that the terminal's `^C` does not break the line. */
const INTERRUPT_ECHO = 3;

/**
 * Waits until access is effective, and shows every state on the way. Ctrl-C ends the waiting and
 * leaves the request as it is.
 *
 * @throws Failure `noAccess` where access will not come; `unavailable`; `interrupted`
 */
export async function waitUntilEffective(
  context: Context,
  api: Api,
  first: RequestAnswer,
): Promise<RequestAnswer> {
  const progress = progressOf(context);
  try {
    return await untilInterrupted(
      (signal) => follow(api, first, progress, signal),
      () => {
        throw interrupted(first.id);
      },
    );
  } finally {
    progress.end();
  }
}

async function follow(
  api: Api,
  first: RequestAnswer,
  progress: Progress,
  signal: AbortSignal,
): Promise<RequestAnswer> {
  let request = first;
  let lost: number | undefined;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * GROWTH, LONGEST_PAUSE_MS)) {
    if (lost === undefined) progress.show(request);
    if (request.state === "active") return request;
    if (request.state !== "pending" && request.state !== "approved") throw noAccess(request);
    await pause(wait, undefined, { signal });
    try {
      request = await api.send<RequestAnswer>({
        method: "GET",
        path: `/v1/requests/${request.id}`,
      });
      lost = undefined;
    } catch (error) {
      const passing = error instanceof Failure && error.exit === "unavailable";
      lost ??= Date.now();
      if (!passing || Date.now() - lost > PATIENCE_MS) throw error;
      progress.lose();
    }
  }
}

interface Progress {
  show(request: RequestAnswer): void;
  /** The API does not answer for the moment. */
  lose(): void;
  end(): void;
}

/** One line that is rewritten on a terminal; elsewhere one line for each new state. */
function progressOf(context: Context): Progress {
  const { err } = context.screen;
  const started = Date.now();
  let last = "";
  const line = (text: string) => {
    if (err.terminal) {
      const waited = ` (waited ${spanText((Date.now() - started) / 1000)})`;
      const room = err.columns - waited.length - INTERRUPT_ECHO;
      remark(context, `\r\u001b[K${truncate(text, room)}${waited}`);
    } else if (text !== last) remark(context, `${text}\n`);
    last = text;
  };
  return {
    show: (request) => line(stageText(request, context.now())),
    lose: () => line("The API does not answer; trying again. The request stays as it is."),
    end: () => {
      if (err.terminal && last !== "") remark(context, "\r\u001b[K");
    },
  };
}

/** When a state was reached, as the broker says. */
const REACHED: Readonly<Partial<Record<State, (request: RequestAnswer) => string | null>>> = {
  pending: ({ createdAt }) => createdAt,
  approved: ({ approvedAt }) => approvedAt,
  active: ({ effectiveAt }) => effectiveAt,
};

function stageText(request: RequestAnswer, now: string): string {
  const { state, approvals, requirements, startsAt } = request;
  const reached = REACHED[state]?.(request) ?? now;
  const given = approvals.map(({ person }) => visible(person)).join(", ");
  const stages: Readonly<Partial<Record<State, string>>> = {
    pending: `needs ${requirementText(requirements)}${given && `; approved by ${given}`}`,
    approved:
      startsAt !== null && startsAt > now
        ? `starts ${fullTime(startsAt)}, ${awayText(startsAt, now)}`
        : "access is being added",
    active: "access is there",
  };
  const stage = stages[state];
  return `${fullTime(reached)}  ${visible(state)}${stage === undefined ? "" : `: ${stage}`}`;
}

function noAccess(request: RequestAnswer): Failure {
  const { id, state, outcome, effectiveAt } = request;
  const had = effectiveAt === null ? "Access did not come" : "Access came and is over";
  const why = outcome === null ? "" : ` ${outcome.detail} (${outcome.code})`;
  return new Failure("noAccess", `request-${state}`, {
    happened: `${had}: the request is ${state}.${why}`,
    undone: "Nothing more comes of it.",
    next: ["Next: see its history, then ask anew if you still need it:", `  timelatch show ${id}`],
    facts: { request },
  });
}

const interrupted = (id: string) =>
  new Failure("interrupted", "interrupted", {
    happened: "You stopped waiting.",
    undone: "The request stays as it is.",
    next: [
      "Next: follow it, or withdraw it:",
      `  timelatch show ${id}`,
      `  timelatch cancel ${id}`,
    ],
  });

/** Local time, and UTC besides where that is another. */
const everywhere = (instant: string): string => {
  const [local, utc] = [fullTime(instant), utcTime(instant)];
  return local === utc ? utc : `${local} (${utc})`;
};

/** What someone wants to know once access is there: until when, and how to use it. */
export function effectiveText(request: RequestAnswer, now: string): string {
  const { expiresAt, revokeAt, clusterArn } = request;
  const cluster = parseClusterArn(clusterArn);
  const until =
    expiresAt === null
      ? []
      : [`Access is there until ${everywhere(expiresAt)}, ${awayText(expiresAt, now)}.`];
  const margin =
    revokeAt === null
      ? []
      : [`It may be taken away from ${fullTime(revokeAt)} on; finish by then.`];
  const use = cluster
    ? [`  aws eks update-kubeconfig --region ${cluster.region} --name ${cluster.name}`]
    : [];
  return [...until, ...margin, ...use, ""].join("\n");
}
