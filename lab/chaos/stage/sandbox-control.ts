/** The sandbox of a run: a process of its own that is killed and started again while the run goes on. */

import { type SandboxProcess, startSandboxProcess } from "../../../test/e2e/sandbox-process.ts";
import { type Reaper, startReaper } from "../../sandbox/process/reaper.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";

/** A minute of EventBridge's rules, in seconds: sweep runs that often. */
const MINUTE_SECONDS = 2;

/** How its AWS misbehaves all the time: reads lag and go back, and CloudTrail is late. */
const optionsOf = (readLagSeconds: number) => [
  ...["--minute-seconds", String(MINUTE_SECONDS), "--trail-delay-seconds", "2"],
  ...["--eks-read-lag-seconds", String(readLagSeconds)],
];

export interface SandboxControl {
  /** Its addresses stay the same for the whole run. */
  readonly addresses: SandboxAddresses;
  /** The process that runs now; undefined between two processes. */
  pid(): number | undefined;
  /** The standard error of its processes, of every start. */
  log(): string;
  /** Kills it with -9. */
  kill(): Promise<void>;
  /** Ends it in order, so that it can be started again. */
  halt(): Promise<void>;
  /**
   * Starts it again in its folder, unless it runs.
   *
   * @param more options beside its own
   * @throws Error where it does not start, or `stop` was called before
   */
  start(more?: readonly string[]): Promise<void>;
  /** Has every later start deploy an assembly, in place of the one that the sandbox synthesizes. */
  adopt(assembly: string): void;
  /** Ends it in order. Afterwards nothing of it runs. */
  stop(): Promise<void>;
}

/**
 * @param env what its environment has beyond this process's
 * @param readLagSeconds how old the entries are, at most, that EKS shows
 */
export async function controlSandbox(
  dir: string,
  env: Readonly<Record<string, string>>,
  readLagSeconds: number,
  startProcess: typeof startSandboxProcess = startSandboxProcess,
): Promise<SandboxControl> {
  // If this process is killed, the reaper kills the sandbox, whose own one kills the rest.
  const reaper = startReaper();
  let assembly: string | undefined;
  const adopt = (folder: string) => {
    assembly = folder;
  };
  const begin: Begin = async (more = []) => {
    const deployed = assembly === undefined ? [] : ["--assembly", assembly];
    const args = ["--dir", dir, ...optionsOf(readLagSeconds), ...deployed, ...more];
    const begun = await startProcess(args, env);
    reaper.watch(begun.pid);
    return begun;
  };
  try {
    return { ...controlled(await begin(), begin, reaper), adopt };
  } catch (error) {
    reaper.close();
    throw error;
  }
}

type Begin = (more?: readonly string[]) => Promise<SandboxProcess>;

function controlled(
  first: SandboxProcess,
  begin: Begin,
  reaper: Reaper,
): Omit<SandboxControl, "adopt"> {
  let running: SandboxProcess | undefined = first;
  let starting: Promise<SandboxProcess> | undefined;
  let isOver = false;
  let earlier = "";
  const end = async (how: "stop" | "kill") => {
    const was = running;
    await was?.[how]();
    forget(was);
  };
  const forget = (was: SandboxProcess | undefined) => {
    if (!was || was !== running) return;
    reaper.forget(was.pid);
    earlier += was.log();
    running = undefined;
  };
  const start = async (more?: readonly string[]) => {
    if (isOver) throw new Error("The run is over. Nothing was started.");
    if (running && !isAlive(running)) forget(running);
    if (running) return;
    starting ??= begin(more);
    running = await starting
      .catch((error: Error) => {
        earlier += `${error.message}\n`;
        throw error;
      })
      .finally(() => {
        starting = undefined;
      });
  };
  return {
    addresses: addressesOf(first),
    start,
    pid: () => running?.pid,
    log: () => earlier + (running?.log() ?? ""),
    kill: () => end("kill"),
    halt: () => end("stop"),
    async stop() {
      isOver = true;
      // A deed may be starting it just now.
      await starting?.catch(() => undefined);
      // The process that started it notes it first.
      await new Promise(setImmediate);
      await end("stop");
      reaper.close();
    },
  };
}

function isAlive({ pid }: SandboxProcess): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function addressesOf({ pid, log, stop, kill, ...addresses }: SandboxProcess): SandboxAddresses {
  return addresses;
}
