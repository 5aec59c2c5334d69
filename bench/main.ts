/** `npm run bench -- SUITE [OPTIONS]`: measures a part of Timelatch. */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { Suite } from "./report.ts";
import { benchSandbox } from "./sandbox.ts";
import { benchStorm } from "./storm.ts";

const SUITES: Readonly<Record<string, Suite>> = { sandbox: benchSandbox, storm: benchStorm };

const HELP = `npm run bench -- SUITE [--json] [--quick] [--lag-seconds N]

sandbox  how quick the sandbox is on this machine: compare it with figures of the same machine alone
storm    whether ends are in time when all end at once or EKS is out: virtual time, fixed seeds

--quick and --lag-seconds are for storm: fewer storms, and how far reads of EKS may be behind (0).
With --json the last line is one JSON object. The exit code is 1 where a bound does not hold.
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean" },
      quick: { type: "boolean", default: false },
      "lag-seconds": { type: "string", default: "0" },
      help: { type: "boolean", short: "h" },
    },
  });
  const [name = "", ...others] = positionals;
  const suite = Object.hasOwn(SUITES, name) ? SUITES[name] : undefined;
  const { quick, "lag-seconds": lag } = values;
  if (values.help || !suite || others.length > 0 || !/^\d+$/.test(lag)) {
    (values.help ? process.stdout : process.stderr).write(HELP);
    return values.help ? 0 : 2;
  }
  const { lines, facts, holds } = await suite((line) => void process.stderr.write(`${line}\n`), {
    quick,
    lagSeconds: Number(lag),
  });
  process.stdout.write(`${lines.join("\n")}\n`);
  const about = { suite: name, at: new Date().toISOString(), node: process.version };
  if (values.json)
    process.stdout.write(`${JSON.stringify({ ...about, cpus: cpus().length, ...facts })}\n`);
  return holds ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
