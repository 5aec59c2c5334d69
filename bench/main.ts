/** `npm run bench -- SUITE [--json]`: measures a part of Timelatch on this machine. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Measurement, Suite } from "./measurement.ts";
import { benchSandbox } from "./sandbox.ts";

const SUITES: Readonly<Record<string, Suite>> = { sandbox: benchSandbox };

const HELP = `npm run bench -- SUITE [--json]

Suites: ${Object.keys(SUITES).join(", ")}

Every figure is a median of this machine's, now: compare it with figures of the same machine alone.
With --json the last line is one JSON object.
`;

const table = (measured: readonly Measurement[]): string =>
  measured
    .map(
      ({ what, median, unit, samples }) =>
        `${what.padEnd(52)} ${String(median).padStart(8)} ${unit.padEnd(8)} (median of ${samples})`,
    )
    .join("\n");

const json = (suite: string, measured: readonly Measurement[]): string =>
  JSON.stringify({
    suite,
    at: new Date().toISOString(),
    node: process.version,
    cpus: cpus().length,
    ...Object.fromEntries(
      measured.map(({ name, median, unit, samples }) => [name, { median, unit, samples }]),
    ),
  });

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [name = "", ...others] = positionals;
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  if (values.help || !suite || others.length > 0) {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  const measured = await suite((line) => void process.stderr.write(`${line}\n`));
  process.stdout.write(`${table(measured)}\n`);
  if (values.json) process.stdout.write(`${json(name, measured)}\n`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
