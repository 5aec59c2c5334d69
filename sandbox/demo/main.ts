/** `npm run demo`: a night on call, played in a fresh sandbox with the real clients. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { UsageError } from "../process/options.ts";
import { secondsText } from "./clock-text.ts";
import { findClients } from "./installed-clients.ts";
import { type Narrator, narrator } from "./narrator.ts";
import { type DemoOptions, HELP, parseDemoOptions } from "./options.ts";
import { people } from "./people.ts";
import { type CanI, demoReport } from "./report.ts";
import { runClient } from "./run-client.ts";
import { type RunningSandbox, runSandbox } from "./running-sandbox.ts";
import { type Steps, storySteps } from "./steps.ts";
import { CLUSTER, play } from "./story.ts";

const OPENING =
  "A night on call, played in a sandbox with real clients: alice needs access to the cluster prod, bob approves, carol breaks the glass, mallory tries her luck, and dave audits.";

/** Exit status 128 and the signal's number, as a shell tells it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Aborts with the exit status as its reason's cause. */
function interruption(): AbortSignal {
  const stopping = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS))
    process.on(name, () => stopping.abort(new Error(`Interrupted by ${name}.`, { cause: code })));
  // Nobody reads on (`npm run demo | head`): there is nobody to play for.
  process.stdout.on("error", () => stopping.abort(new Error("Nobody reads on.", { cause: 1 })));
  return stopping.signal;
}

/** Rejects as soon as the signal aborts. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

interface Stage {
  readonly dir: string;
  readonly sandbox: RunningSandbox;
  readonly tell: Narrator;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  readonly noteCanI: (moment: keyof CanI, answer: boolean) => void;
}

/** Waits for the sandbox, and plays the story in it. */
async function perform({ dir, sandbox, tell, steps, signal, noteCanI }: Stage): Promise<void> {
  const began = Date.now();
  const { addresses, clients } = await steps.step(
    "sandbox",
    "A fresh sandbox starts on this machine",
    async () => {
      const [ready, found] = await Promise.all([
        Promise.race([sandbox.ready, aborted(signal)]),
        findClients(process.env["PATH"] ?? "", (program, args) =>
          runClient(program, args, { env: process.env, signal }).catch(() => undefined),
        ),
      ]);
      for (const note of found.notes) tell.note(note);
      return {
        detail: `the broker's whole stack runs, ready after ${secondsText(Date.now() - began)}`,
        value: { addresses: ready, clients: found },
      };
    },
  );
  const cast = await people({ cluster: CLUSTER, dir, addresses, clients, signal });
  await play({ people: cast, steps, narrator: tell, dir, signal, noteCanI });
}

/** Answers the exit status: 0 if every step was as told. */
async function run({ json }: DemoOptions): Promise<number> {
  const began = Date.now();
  const signal = interruption();
  const tell = narrator(json ? process.stderr : process.stdout, process.env);
  const steps = storySteps(tell);
  let canI: CanI = { before: null, during: null, after: null };
  const noteCanI = (moment: keyof CanI, answer: boolean) => {
    canI = { ...canI, [moment]: answer };
  };
  tell.opening(OPENING);
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-demo-"));
  const sandbox = runSandbox(dir, tell.note);
  let failure: unknown;
  try {
    await perform({ dir, sandbox, tell, steps, signal, noteCanI });
  } catch (error) {
    failure = error;
  }
  tell.heading("The sandbox stops");
  await sandbox.stop();

  const report = demoReport(steps.results, canI, failure);
  const { ok, steps: results } = report;
  const failed = results.at(-1);
  if (ok || signal.aborted) {
    rmSync(dir, { recursive: true, force: true });
    tell.note("Everything that the demo made is removed.");
  } else tell.note(`Kept for you to look at: ${dir}, with sandbox.log and logs/`);
  const seconds = secondsText(Date.now() - began);
  if (ok) tell.done(`All ${results.length} steps went as told, in ${seconds}.`);
  else tell.failed(`After ${seconds}, at ${failed?.name}: ${failed?.detail.split("\n")[0]}`);
  if (ok) tell.note("To play yourself: npm run sandbox");

  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  if (ok) return 0;
  const { cause } = (signal.reason ?? {}) as { readonly cause?: unknown };
  return typeof cause === "number" ? cause : 1;
}

async function main(argv: readonly string[]): Promise<number> {
  try {
    const options = parseDemoOptions(argv);
    if (options !== "help") return await run(options);
    process.stdout.write(HELP);
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${HELP}`);
    return 2;
  }
}

const code = await main(process.argv.slice(2));
// Connections that are kept open must not hold the process.
process.stdout.write("", () => process.exit(code));
