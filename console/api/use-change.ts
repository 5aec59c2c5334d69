/** A change that somebody presses a button for. */
import { useCallback, useEffect, useState } from "react";
import { Problem } from "./problem.ts";

export interface Change {
  readonly busy: boolean;
  /** Whether it takes so long that the terminal may be asking. */
  readonly slow: boolean;
  readonly problem: Problem | undefined;
  /** Runs one at a time. @returns whether it succeeded */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

const SLOW_MS = 1_500;

export function useChange(): Change {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const slow = useLate(busy, SLOW_MS);
  const run = useCallback(async (work: () => Promise<unknown>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setProblem(error instanceof Problem ? error : new Problem(0, "defect", String(error)));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  return { busy, slow, problem, run };
}

function useLate(on: boolean, ms: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!on) return undefined;
    const timer = setTimeout(() => setLate(true), ms);
    return () => clearTimeout(timer);
  }, [on, ms]);
  return late;
}
