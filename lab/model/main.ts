/** `npm run model`: checks the model of the protocol, run by run. */
import { spawnSync } from "node:child_process";
import { oneOf, runScript } from "../command-line.ts";
import { type Checked, check } from "./check.ts";
import { RUNS, type Run } from "./runs.ts";

const HELP = `npm run model -- [options]

Checks every history of the protocol's model with Spin, and that each broken variant of it is
refuted. The exit code is 1 where a run does not end as expected. Needs spin and gcc.

  --quick       only the runs that take about a minute together
  --only NAME   one run: ${RUNS.slice(0, 3)
    .map(({ name }) => name)
    .join(", ")} …; an unknown name lists them all
  --json        print the results as one JSON array
  --help        print this
`;

const OPTIONS = {
  json: { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  only: { type: "string" },
} as const;

const TOOLS = { spin: ["-V"], gcc: ["--version"] } as const;

function missing(): readonly string[] {
  return Object.entries(TOOLS)
    .filter(([tool, args]) => spawnSync(tool, args).error !== undefined)
    .map(([tool]) => tool);
}

function printed({ run, asExpected, ...checked }: Checked): string {
  const facts = [
    `${checked.states} states`,
    `depth ${checked.depth}`,
    `${checked.seconds.toFixed(1)} s`,
    `${checked.megabytes.toFixed(0)} MB`,
  ].join(", ");
  return [
    `${asExpected ? "✔" : "✘"} ${run.name}: ${checked.result}${asExpected ? "" : `, expected: ${run.expected}`}`,
    `    ${run.shows}`,
    `    ${facts}`,
    ...(checked.found === undefined ? [] : [`    found: ${checked.found}`]),
    ...(checked.limit === undefined ? [] : [`    not exhaustive: ${checked.limit}`]),
    ...(checked.replay === undefined ? [] : [`    replay: ${checked.replay}`]),
  ].join("\n");
}

const asJson = ({ run, ...checked }: Checked) => ({
  name: run.name,
  shows: run.shows,
  expected: run.expected,
  bounds: run.bounds,
  macros: run.macros,
  ...checked,
});

/** @throws UsageError for a run that does not exist */
function chosen(quick: boolean, only: string | undefined): readonly Run[] {
  if (only === undefined) return RUNS.filter((run) => run.quick || !quick);
  const name = oneOf(
    "only",
    only,
    RUNS.map((run) => run.name),
  );
  return RUNS.filter((run) => run.name === name);
}

async function checkAll(runs: readonly Run[], isJson: boolean): Promise<number> {
  const results: Checked[] = [];
  for (const run of runs) {
    const checked = await check(run);
    results.push(checked);
    if (!isJson) process.stdout.write(`${printed(checked)}\n`);
  }
  const failed = results.filter(({ asExpected }) => !asExpected).length;
  process.stdout.write(
    isJson
      ? `${JSON.stringify(results.map(asJson), null, 2)}\n`
      : `${results.length - failed} as expected, ${failed} not\n`,
  );
  return failed === 0 ? 0 : 1;
}

await runScript({ script: "model", help: HELP, options: OPTIONS }, async ({ values }) => {
  const runs = chosen(values.quick, values.only);
  const absent = missing();
  if (absent.length === 0) return await checkAll(runs, values.json);
  process.stderr.write(
    [
      `The model check needs spin and gcc. Missing: ${absent.join(", ")}. Nothing was checked. Install:`,
      "  Debian, Ubuntu:  apt-get install -y --no-install-recommends spin gcc libc6-dev",
      "  macOS:           brew install spin && xcode-select --install",
      "",
    ].join("\n"),
  );
  return 1;
});
