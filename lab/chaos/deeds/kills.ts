/** Kills and stops what the sandbox consists of. Each deed brings back what it took away. */
import { setTimeout as pause } from "node:timers/promises";
import { descendantsOf } from "../look/leftovers.ts";
import type { ActionOf } from "../plan/action.ts";
import { RECOVERY_SECONDS, RERUN_SECONDS } from "../stage/disturbance.ts";
import { ensureStarted } from "../stage/ensure-started.ts";
import type { Stage } from "../stage/stage.ts";

/** `timelatch:Timelatch-ConvergeFunctionD02DBDF1` is how the process of a function is called. */
const titleOf = (name: string) => new RegExp(`timelatch:\\S*-${name}Function`, "i");

const isFunction = ({ command }: { readonly command: string }) => command.includes("timelatch:");
const FLUSHED_MS = 80;

/** Functions without which access does not end in time; the others show it, or prove it. */
const REMOVES: ReadonlySet<string> = new Set(["converge"]);

/** Kills with -9 what runs of a function now. The sandbox starts it again for the next event. */
export async function killFunction(
  stage: Stage,
  { name }: ActionOf<"kill-function">,
): Promise<string> {
  const sandbox = stage.control.pid();
  if (sandbox === undefined) return "not done: the sandbox is away";
  const now = Date.now();
  const running = descendantsOf(sandbox).filter(({ command }) => titleOf(name).test(command));
  if (REMOVES.has(name) && running.length > 0)
    stage.disturbances.push({
      from: now,
      to: now,
      holdsUpSeconds: RERUN_SECONDS,
      what: `${name} was killed`,
    });
  for (const { pid } of running) signal(pid, "SIGKILL");
  return running.length > 0 ? "killed" : "not done: none ran";
}

/** Has what runs of a function stand still, as a frozen environment does. It goes on unless Lambda ended it. */
export async function stopFunction(
  stage: Stage,
  { name, seconds }: ActionOf<"stop-function">,
): Promise<string> {
  const running = descendantsOf(stage.control.pid() ?? 0).filter(({ command }) =>
    titleOf(name).test(command),
  );
  const from = Date.now();
  for (const { pid } of running) signal(pid, "SIGSTOP");
  await pause(seconds * 1_000);
  for (const { pid } of running) signal(pid, "SIGCONT");
  stage.disturbances.push({
    from,
    to: Date.now(),
    holdsUpSeconds: RERUN_SECONDS,
    what: `${name} stood still`,
  });
  return running.length > 0 ? "stopped, and went on" : "not done: none ran";
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The engine is the Java process. The shell that starts it has the same words in its command. */
const isEngine = ({ command }: { readonly command: string }): boolean =>
  /^(\S*\/)?java\s.*DynamoDBLocal\.jar/.test(command);

/** Has the engine of DynamoDB stand still: calls to it have no answer until it goes on. */
export async function stopTables(
  stage: Stage,
  { seconds }: ActionOf<"stop-tables">,
): Promise<string> {
  const sandbox = stage.control.pid();
  const engine = descendantsOf(sandbox ?? 0).find(isEngine);
  if (!engine) return "not done: the sandbox is away";
  const from = Date.now();
  signal(engine.pid, "SIGSTOP");
  await pause(seconds * 1_000);
  signal(engine.pid, "SIGCONT");
  stage.disturbances.push({
    from,
    to: Date.now(),
    holdsUpSeconds: RECOVERY_SECONDS,
    what: "DynamoDB stood still",
  });
  return "stopped, and went on";
}

/** Kills the sandbox with -9, and starts it again, with clocks of its functions that are off. */
export async function killSandbox(
  stage: Stage,
  { seconds, clocks }: ActionOf<"kill-sandbox">,
): Promise<string> {
  const from = Date.now();
  // The sandbox may lose what it answered in its last 20 ms, which AWS never does. So the functions die first.
  for (const { pid } of descendantsOf(stage.control.pid() ?? 0).filter(isFunction))
    signal(pid, "SIGKILL");
  await pause(FLUSHED_MS);
  await stage.control.kill();
  try {
    await pause(seconds * 1_000);
    const off = Object.entries(clocks).flatMap(([name, by]) => ["--clock", `${name}=${by}`]);
    await ensureStarted(stage.control, stage.remarks, off);
  } finally {
    stage.disturbances.push({
      from,
      to: Date.now(),
      holdsUpSeconds: RECOVERY_SECONDS,
      what: "the sandbox was killed",
    });
  }
  return "killed, and started again";
}
