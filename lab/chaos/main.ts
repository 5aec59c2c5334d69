/**
 * `npm run chaos`: the real parts under faults, kills and people, and the traces that they leave.
 */
import { runScript, UsageError, wholeNumber } from "../command-line.ts";
import { PARTS, type Part } from "./plan/make-plan.ts";
import { reportText } from "./report.ts";
import { runChaos } from "./run-chaos.ts";

const HELP = `npm run chaos -- [options]

Runs a sandbox in a temporary folder, with people, others who change entries, faults and kills. Then it
waits until all has settled, and judges from outside what is left. The seed decides what happens when.
The exit code is 1 where a judgement is broken, and 3 where the machine was too slow to judge by.

  --minutes M     how long things happen (default: 1); to settle takes up to six minutes more
  --seed S        what happens (default: 1)
  --without PART  without a part of it; it can be repeated, and moves nothing else:
                  intruder: nobody writes into the tables with the rights of a function that was taken over
                  restore: nobody restores tables to an older instant
  --json          print the report as one JSON object
  --help          print this
`;

const OPTIONS = {
  minutes: { type: "string", default: "1" },
  seed: { type: "string", default: "1" },
  without: { type: "string", multiple: true },
  json: { type: "boolean", default: false },
} as const;

const MOST_MINUTES = 60;

function minutesOf(text: string): number {
  const minutes = wholeNumber("minutes", text);
  if (minutes >= 1 && minutes <= MOST_MINUTES) return minutes;
  throw new UsageError(`--minutes takes a whole number from 1 to ${MOST_MINUTES}, not '${text}'.`);
}

function partOf(text: string): Part {
  const part = PARTS.find((one) => one === text);
  if (part) return part;
  throw new UsageError(`--without takes 'intruder' or 'restore', not '${text}'.`);
}

const controller = new AbortController();

/** Aborted by Ctrl-C and by SIGTERM: the run then ends what it started. */
function interruption(): AbortSignal {
  const interrupt = () => controller.abort(new Error("Interrupted. Nothing was judged."));
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return controller.signal;
}

await runScript({ script: "chaos", help: HELP, options: OPTIONS }, async ({ values }) => {
  const began = performance.now();
  const report = await runChaos({
    minutes: minutesOf(values.minutes),
    seed: wholeNumber("seed", values.seed),
    without: (values.without ?? []).map(partOf),
    progress: (line) => {
      const seconds = Math.round((performance.now() - began) / 1_000);
      process.stderr.write(`${seconds} s: ${line}\n`);
    },
    signal: interruption(),
  });
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : reportText(report));
  const isBroken = report.verdicts.some(({ findings }) => findings.length > 0);
  return isBroken ? 1 : report.isTooSlow ? 3 : 0;
});
// Interrupted work is not waited for, such as a call with a patience of its own.
if (controller.signal.aborted) process.exit();
