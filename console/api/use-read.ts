/** Reads that stay fresh while somebody looks. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useChanges } from "./changes.ts";
import { read } from "./client.ts";
import { Problem } from "./problem.ts";

/** The times between two reads, in seconds. */
export const SOON = 5;
export const SELDOM = 30;
/** Between two reads of a list that takes many pages. */
export const RARELY = 300;

export interface Reading<Answer> {
  /** The last answer, also where a later read failed. */
  readonly answer: Answer | undefined;
  readonly problem: Problem | undefined;
  /** Since when reads fail. */
  readonly since: string | undefined;
  /** Reads at once: something was changed. */
  readonly again: () => void;
}

interface State<Answer> extends Omit<Reading<Answer>, "again"> {
  readonly path: string | undefined;
}

/**
 * @param path of the API, with its query; undefined to read nothing
 * @param seconds between two reads; 0 to read once. Nothing is read while the tab is hidden
 * @param how reads it: one answer, or pages of a list. Always the same function
 */
export function useRead<Answer>(
  path: string | undefined,
  seconds = SELDOM,
  how: (path: string, signal: AbortSignal) => Promise<Answer> = read,
): Reading<Answer> {
  const [state, setState] = useState<State<Answer>>(NOTHING);
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  // Another path begins with nothing: what is shown must be what was asked for.
  const shown = state.path === path ? state : NOTHING;
  useLooks(again, path === undefined ? 0 : seconds);
  useChanges(again);
  const latest = useRef(path);
  latest.current = path;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn has it read again
  useEffect(() => {
    if (path === undefined) return undefined;
    const stop = new AbortController();
    how(path, stop.signal).then(
      (answer) => setState({ path, answer, problem: undefined, since: undefined }),
      (error: unknown) => {
        if (stop.signal.aborted || latest.current !== path) return;
        setState((before) => failed(before.path === path ? before : NOTHING, path, error));
      },
    );
    return () => stop.abort();
  }, [path, turn]);
  return { answer: shown.answer, problem: shown.problem, since: shown.since, again };
}

const NOTHING = { path: undefined, answer: undefined, problem: undefined, since: undefined };

function failed<Answer>(before: State<Answer>, path: string, error: unknown): State<Answer> {
  const problem = error instanceof Problem ? error : new Problem(0, "defect", String(error));
  return { ...before, path, problem, since: before.since ?? new Date().toISOString() };
}

/** Calls now and then, and when a hidden tab is looked at again. */
function useLooks(look: () => void, seconds: number): void {
  useEffect(() => {
    if (seconds === 0) return undefined;
    const lookIfSeen = () => {
      if (document.visibilityState === "visible") look();
    };
    const timer = setInterval(lookIfSeen, seconds * 1_000);
    document.addEventListener("visibilitychange", lookIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookIfSeen);
    };
  }, [look, seconds]);
}
