/** Whether what `timelatch policy` does with a whole file costs the same for each of its rules. */
import { rounded } from "../statistics.ts";
import { benchCommands } from "./commands.ts";
import { PEOPLE_A_RULE } from "./large-file.ts";
import { measureTools, type ToolTimes } from "./tools.ts";

const SIZES = [100, 1_000];
const ROUNDS = 3;
/** If every person were checked for every rule, a rule would cost ten times more. */
export const MOST_GROWTH_A_RULE = 3;

const FIGURES = [
  ["parse", "to read a policy"],
  ["check", "to check it"],
  ["diff", "to compare it with another"],
] as const;

type ToolFigure = (typeof FIGURES)[number][0];

/** How many times a rule costs at the largest size what it costs at the smallest. */
export function growthARule(figure: ToolFigure, times: readonly ToolTimes[]): number {
  const [small, large] = [times.at(0), times.at(-1)].map((at) =>
    at ? at[figure] / at.rules : Number.NaN,
  );
  return (large ?? Number.NaN) / (small ?? Number.NaN);
}

/** Milliseconds at each size with a bound on their growth, and the processor time of whole commands. */
export function benchTools(progress: (line: string) => void) {
  progress(`policies of ${SIZES.join(" and ")} rules, with ${PEOPLE_A_RULE} people each`);
  const times = measureTools(SIZES, ROUNDS);
  const holds = (figure: ToolFigure) => growthARule(figure, times) <= MOST_GROWTH_A_RULE;
  const rules = SIZES.at(-1) ?? 0;
  const commands = benchCommands(rules);
  const lines = FIGURES.map(([figure, what]) => {
    const each = times.map((at) => `${rounded(at[figure])} ms at ${at.rules} rules`).join(", ");
    const growth = rounded(growthARule(figure, times));
    return `${holds(figure) ? "holds" : "FAILS"}  ${what}: ${each}; ${growth} times as much a rule (at most ${MOST_GROWTH_A_RULE})`;
  });
  return {
    lines: [...lines, ...commands.lines],
    facts: { times, commands: commands.times },
    kept: FIGURES.filter(([figure]) => holds(figure)).length + commands.kept,
    all: FIGURES.length + commands.times.length,
  };
}
