/** Waits until a read has proven each end, and shows how far that is. */
import { setTimeout } from "node:timers/promises";
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import { remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { progressLine } from "../terminal/progress.ts";
import { endedText } from "../text/request-text.ts";
import { fullTime, spanText } from "../text/time-text.ts";
import type { Ending } from "./ending.ts";

/** A call to EKS without an answer may land for five minutes, and a read has to come after that. */
export const LIMIT_SECONDS = 420;

/** The pauses between reads: they grow from the first one. */
export interface FollowTiming {
  readonly firstMs: number;
  readonly mostMs: number;
  /** Waits for some milliseconds, unless the signal stops it; by the machine's timer by default. */
  readonly pause?: (millis: number, signal: AbortSignal) => Promise<void>;
}

const byTimer = (millis: number, signal: AbortSignal) => setTimeout(millis, undefined, { signal });

const TIMING: FollowTiming = { firstMs: 500, mostMs: 2_000 };
const GROWTH = 1.25;
/** How long the API may be out of reach before waiting is given up. */
const PATIENCE_MS = 60_000;

/** Each request as it was read last, by its id. */
export type LastSeen = Map<string, RequestSummary | RequestAnswer>;

/**
 * @param seen is kept up to date, also for whoever stops the wait
 * @param limitSeconds after which it answers all the same
 * @param signal stops it
 * @throws Failure where the API stays out of reach
 */
export async function followEnds(
  { context, api }: Pick<Ending, "context" | "api">,
  seen: LastSeen,
  limitSeconds: number,
  signal: AbortSignal,
  { firstMs, mostMs, pause = byTimer }: FollowTiming = TIMING,
): Promise<void> {
  const started = Date.now();
  const line = progressLine(context);
  let lost: number | undefined;
  try {
    for (let wait = firstMs; ; wait = Math.min(wait * GROWTH, mostMs)) {
      const open = [...seen.values()].filter(({ state }) => !isFinal(state));
      const seconds = (Date.now() - started) / 1_000;
      if (open.length === 0 || seconds >= limitSeconds) return;
      const progress = `${seen.size - open.length} of ${seen.size} read back as ended`;
      line.show(
        `${progress} (${spanText(seconds)} of ${spanText(limitSeconds)}; Ctrl-C stops waiting)`,
      );
      await pause(Math.min(wait, (limitSeconds - seconds) * 1_000), signal);
      try {
        for (const { id } of open) await look(id);
        lost = undefined;
      } catch (error) {
        lost ??= Date.now();
        if (!mayPass(error) || Date.now() - lost > PATIENCE_MS) throw error;
      }
    }
  } finally {
    line.end();
  }

  async function look(id: string): Promise<void> {
    const now = await api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });
    if (signal.aborted) return;
    seen.set(id, now);
    if (isFinal(now.state) && !context.screen.err.terminal)
      remark(
        context,
        `${fullTime(now.endedAt ?? context.now())}  ${visible(id)} ${endedText(now.state)}\n`,
      );
  }
}

const mayPass = (error: unknown): boolean =>
  error instanceof Failure && error.exit === "unavailable";
