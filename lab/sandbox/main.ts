/** `npm run sandbox`: AWS on one machine, with the broker's own stack in it. */
import path from "node:path";
import { visibleLines } from "../../shared/domain/values/visible-text.ts";
import { runScript } from "../command-line.ts";
import { claimFolder } from "./process/folder.ts";
import { takeLock } from "./process/lock.ts";
import { SANDBOX_COMMAND, type SandboxOptions, sandboxOptions } from "./process/options.ts";
import { emptyWelcomeText, welcomeText } from "./process/welcome-text.ts";
import { type Sandbox, startSandbox } from "./stack/start.ts";

const print = (line: string) => void process.stderr.write(`sandbox: ${visibleLines(line)}\n`);

/** npm passes a terminal's Ctrl-C on, so that it arrives twice. Within this time it counts once. */
const SAME_SIGNAL_MS = 1000;

/** Stops the sandbox on the first signal; a second one ends it at once. Answers whether one came. */
function stopOnSignals(starting: Promise<Sandbox>): () => boolean {
  let firstAt = 0;
  const stop = async () => {
    if (firstAt > 0) {
      if (Date.now() - firstAt < SAME_SIGNAL_MS) return;
      // The state is saved, and the reaper kills what still runs.
      (await starting).flush();
      process.exit(0);
    }
    firstAt = Date.now();
    print("Stopping. Press Ctrl-C again to stop at once.");
    try {
      const sandbox = await starting;
      await sandbox.stop();
    } catch {
      // It did not start; `run` reports that.
      return;
    }
    process.exit(0);
  };
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());
  return () => firstAt > 0;
}

async function run(options: SandboxOptions): Promise<void> {
  claimFolder(options.dir);
  process.once("exit", takeLock(path.join(options.dir, "lock")));
  const starting = startSandbox(options, print);
  const isStopping = stopOnSignals(starting);
  const { addresses } = await starting;
  if (isStopping()) return;
  process.stdout.write(
    options.json
      ? `${JSON.stringify(addresses)}\n`
      : options.empty
        ? emptyWelcomeText(options.dir, process.cwd())
        : welcomeText(options.dir, process.cwd(), addresses.slackPageUrl),
  );
}

await runScript(SANDBOX_COMMAND, async ({ values }) => {
  await run(sandboxOptions(values, process.cwd()));
  return 0;
});
// Parts that a failed start leaves running must not keep the process; a started sandbox stays.
if (process.exitCode) process.exit();
