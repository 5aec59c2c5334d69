/**
 * Whether a decision costs the same, however many other people and rules the policy has, and whether
 * the commands that read all of it cost the same for each rule, and how much. Proofs are compared with a solver by
 * `npm run oracle`.
 */
import { measurePolicies, type PolicyTimes } from "./policy/decisions.ts";
import { benchReplay } from "./policy/replay-bound.ts";
import { benchTools } from "./policy/tool-bounds.ts";
import type { Report, Suite } from "./report.ts";
import { rounded } from "./statistics.ts";

const SIZES = [10, 1_000, 10_000];
const ROUNDS = 15;

/** Milliseconds at the largest size, at most. */
const BOUNDS = {
  decision: 1,
  refusal: 1,
  delegated: 1,
  lessened: 1,
  extension: 1,
  caller: 0.02,
  index: 150,
} as const;
/**
 * The most that the cost may grow from the smallest size to the largest. A search through the
 * largest policy would cost hundreds of times more. Only the index may grow with the policy.
 */
export const MOST_GROWTH = 8;

type Figure = keyof typeof BOUNDS;
const FIGURES: readonly (readonly [Figure, string])[] = [
  ["decision", "to judge a request and name who may approve it"],
  ["refusal", "to refuse a request"],
  ["delegated", "to judge an approval by a delegate"],
  ["lessened", "to judge an approval for less"],
  ["extension", "to judge an extension"],
  ["caller", "to say who calls"],
  ["index", "to index the policy, once a start"],
];

/** Whether a figure is within its bounds; `times` go from the smallest size to the largest. */
export function isWithinBounds(figure: Figure, times: readonly PolicyTimes[]): boolean {
  const [small, large] = [times.at(0), times.at(-1)].map((at) => at?.[figure] ?? Number.NaN);
  if (small === undefined || large === undefined) return false;
  return large <= BOUNDS[figure] && (figure === "index" || large <= small * MOST_GROWTH);
}

export const benchPolicy: Suite = async (progress): Promise<Report> => {
  progress(`policies of ${SIZES.join(", ")} people and rules`);
  const times = measurePolicies(SIZES, ROUNDS);
  const isKept = (figure: Figure) => isWithinBounds(figure, times);
  const tools = benchTools(progress);
  const replay = await benchReplay(progress);
  const kept =
    FIGURES.filter(([figure]) => isKept(figure)).length + tools.kept + Number(replay.holds);
  const all = FIGURES.length + tools.all + 1;
  return {
    lines: [
      ...FIGURES.map(([figure, what]) => lineOf(figure, what, times, isKept(figure))),
      ...tools.lines,
      ...replay.lines,
      `${kept} of ${all} bounds hold; the fastest of ${ROUNDS} rounds`,
    ],
    facts: {
      holds: kept === all,
      tools: tools.facts,
      replaySeconds: rounded(replay.seconds),
      bounds: BOUNDS,
      mostGrowth: MOST_GROWTH,
      sizes: Object.fromEntries(times.map(({ size, ...ms }) => [size, roundedAll(ms)])),
    },
    holds: kept === all,
  };
};

function lineOf(figure: Figure, what: string, times: readonly PolicyTimes[], holds: boolean) {
  const each = times.map((at) => `${rounded(at[figure])} ms at ${at.size}`).join(", ");
  const growth = figure === "index" ? "" : `, and ${MOST_GROWTH} times the first`;
  return `${holds ? "holds" : "FAILS"}  ${what}: ${each} (at most ${BOUNDS[figure]} ms${growth})`;
}

const roundedAll = (values: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(values).map(([name, ms]) => [name, rounded(ms)]));
