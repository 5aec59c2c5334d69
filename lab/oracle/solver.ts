/** Z3 as a process that answers one question after the other. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Solver {
  /** Whether something satisfies the lines. @throws Error for any other answer */
  isSatisfiable(lines: readonly string[]): Promise<boolean>;
  stop(): void;
}

/** Longer than a question takes by far. */
const MOST_MILLISECONDS = 60_000;

/** @returns undefined where there is no z3 */
export async function startSolver(): Promise<Solver | undefined> {
  const child = spawn("z3", ["-in", "-smt2", `-t:${MOST_MILLISECONDS}`]);
  const isThere = await new Promise<boolean>((resolve) => {
    child.once("spawn", () => resolve(true));
    child.once("error", () => resolve(false));
  });
  return isThere ? solverOf(child) : undefined;
}

function solverOf(child: ChildProcessWithoutNullStreams): Solver {
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async isSatisfiable(lines) {
      child.stdin.write(["(push)", ...lines, "(check-sat)", "(pop)", ""].join("\n"));
      const { value, done } = await answers.next();
      if (!done && value === "sat") return true;
      if (!done && value === "unsat") return false;
      throw new Error(`z3 answered ${done ? "nothing" : value} to:\n${lines.join("\n")}`);
    },
    stop: () => void child.stdin.end(),
  };
}
