/**
 * `npm run model [-- --quick] [-- --json] [-- --only NAME]`: checks the model of the protocol, run
 * by run, and that every broken variant is refuted. Exits 1 where a run does not end as expected.
 */
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { type Checked, check } from "./check.ts";
import { RUNS, type Run } from "./runs.ts";

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

function chosen(quick: boolean, only: string | undefined): readonly Run[] {
  return RUNS.filter((run) => (only === undefined ? run.quick || !quick : run.name === only));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  const runs = chosen(values.quick, values.only);
  if (runs.length === 0) {
    process.stderr.write(
      `There is no run ${values.only}; nothing was checked. There are:\n${RUNS.map(({ name }) => `  ${name}\n`).join("")}`,
    );
    return 1;
  }
  const absent = missing();
  if (absent.length > 0) {
    process.stderr.write(
      [
        `Checking the model needs spin and gcc. Missing: ${absent.join(", ")}. Nothing was checked.`,
        "  Debian, Ubuntu:  apt-get install -y --no-install-recommends spin gcc libc6-dev",
        "  macOS:           brew install spin && xcode-select --install",
        "",
      ].join("\n"),
    );
    return 1;
  }
  const results: Checked[] = [];
  for (const run of runs) {
    const checked = await check(run);
    results.push(checked);
    if (!values.json) process.stdout.write(`${printed(checked)}\n`);
  }
  const failed = results.filter(({ asExpected }) => !asExpected).length;
  process.stdout.write(
    values.json
      ? `${JSON.stringify(results.map(asJson), null, 2)}\n`
      : `${results.length - failed} as expected, ${failed} not\n`,
  );
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const said = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${said}\nUsage: npm run model [-- --quick] [-- --json] [-- --only NAME]\n`);
  process.exitCode = 1;
}
