/** `npm run oracle`: compares the proofs about random policies with those of a solver. */
import { runScript, wholeNumber } from "../command-line.ts";
import { type Compared, compareCase } from "./compare.ts";
import { randomCase } from "./random-case.ts";
import { type Solver, startSolver } from "./solver.ts";

const HELP = `npm run oracle -- [options]

Compares timelatch policy prove with Z3, on small random policies and claims about them. Z3 reads a formula
that is written from docs/policy.md, and shares no code with the product. The exit code is 1 where the two
disagree, or fewer than a quarter of the claims hold or fail. How far it is goes to standard error. Needs z3.

  --policies N  how many policies (1000)
  --seed S      the first seed; the others follow (1)
  --json        print the result as JSON
  --help        print this
`;

const OPTIONS = {
  policies: { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  json: { type: "boolean", default: false },
} as const;

const PROGRESS_EVERY = 5_000;

interface Counts {
  held: number;
  /** Claims that fail, by how many people suffice. */
  failed: Record<number, number>;
  unsound: number;
  disagreements: { readonly seed: number; readonly disagreement: string }[];
}

/** While the solver looks at one policy, the next is made and proved. */
const LANES = 2;

/** Until as many sound policies as were wanted were compared. */
async function compareAll(solver: Solver, policies: number, first: number): Promise<Counts> {
  const counts: Counts = { held: 0, failed: {}, unsound: 0, disagreements: [] };
  let [seed, wanted, compared] = [first, policies, 0];
  const lane = async () => {
    while (wanted > 0) {
      wanted -= 1;
      const at = seed;
      seed += 1;
      const found = await compareCase(solver, randomCase(at));
      if (!found) {
        counts.unsound += 1;
        wanted += 1;
        continue;
      }
      count(counts, at, found);
      compared += 1;
      if (compared % PROGRESS_EVERY === 0)
        process.stderr.write(
          `${compared} policies, ${counts.disagreements.length} disagreements\n`,
        );
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return counts;
}

function count(counts: Counts, seed: number, { fewest, disagreement }: Compared): void {
  if (disagreement !== undefined) {
    counts.disagreements.push({ seed, disagreement });
    process.stderr.write(`✘ seed ${seed}: ${disagreement}\n`);
  }
  if (fewest === undefined) counts.held += 1;
  else counts.failed[fewest] = (counts.failed[fewest] ?? 0) + 1;
}

const textOf = ({ held, failed, unsound, disagreements }: Counts): string => {
  const all = Object.entries(failed).map(([people, count]) => `${count} need ${people}`);
  return [
    ...disagreements.map(({ seed, disagreement }) => `✘ seed ${seed}: ${disagreement}`),
    `${held} claims hold; of those that fail, ${all.join(", ")} people`,
    `${unsound} files were not sound, and left out`,
    `${disagreements.length} disagreements`,
    "",
  ].join("\n");
};

await runScript({ script: "oracle", help: HELP, options: OPTIONS }, async ({ values }) => {
  const [policies, seed] = [
    wholeNumber("policies", values.policies, 1),
    wholeNumber("seed", values.seed),
  ];
  const solver = await startSolver();
  if (!solver) {
    process.stderr.write(
      "The comparison needs z3. Nothing was compared. Install:\n  Debian, Ubuntu:  apt-get install -y --no-install-recommends z3\n  macOS:           brew install z3\n",
    );
    return 1;
  }
  const counts = await compareAll(solver, policies, seed).finally(() => solver.stop());
  process.stdout.write(values.json ? `${JSON.stringify(counts, null, 2)}\n` : textOf(counts));
  const failed = policies - counts.held;
  const isMixed = Math.min(counts.held, failed) * 4 >= policies;
  return counts.disagreements.length === 0 && isMixed ? 0 : 1;
});
