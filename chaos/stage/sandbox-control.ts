/** The sandbox of a run: a process of its own that is killed and started again while the run goes on. */
import { startReaper } from "../../sandbox/process/reaper.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { type SandboxProcess, startSandboxProcess } from "../../test/e2e/sandbox-process.ts";

/** A minute of EventBridge's rules, in seconds: sweep runs that often. */
const MINUTE_SECONDS = 2;

/** How its AWS misbehaves all the time: reads lag and go back, and CloudTrail is late. */
const optionsOf = (readLagSeconds: number) => [
  ...["--minute-seconds", String(MINUTE_SECONDS), "--trail-delay-seconds", "2"],
  ...["--eks-read-lag-seconds", String(readLagSeconds)],
];

export interface SandboxControl {
  /** Its addresses stay the same for as long as the run lasts. */
  readonly addresses: SandboxAddresses;
  /** The process that runs now; undefined while there is none. */
  pid(): number | undefined;
  /** What its processes wrote to standard error, of every start. */
  log(): string;
  /** Kills it with -9. */
  kill(): Promise<void>;
  /** Ends it in order, so that it can be started again. */
  halt(): Promise<void>;
  /** Starts it again in its folder. @param more options beside its own */
  start(more?: readonly string[]): Promise<void>;
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
): Promise<SandboxControl> {
  // If this process is killed, the reaper kills the sandbox, whose own one kills the rest.
  const reaper = startReaper();
  let earlier = "";
  const begin = async (more: readonly string[] = []) => {
    const begun = await startSandboxProcess(
      ["--dir", dir, ...optionsOf(readLagSeconds), ...more],
      env,
    );
    reaper.watch(begun.pid);
    return begun;
  };
  let running: SandboxProcess | undefined = await begin();
  const { addresses } = { addresses: addressesOf(running) };
  const gone = (was: SandboxProcess) => {
    reaper.forget(was.pid);
    earlier += was.log();
    running = undefined;
  };
  const halt = async () => {
    const was = running;
    if (!was) return;
    await was.stop();
    gone(was);
  };
  return {
    addresses,
    pid: () => running?.pid,
    log: () => earlier + (running?.log() ?? ""),
    async kill() {
      const was = running;
      if (!was) return;
      await was.kill();
      gone(was);
    },
    async start(more) {
      running ??= await begin(more);
    },
    halt,
    async stop() {
      await halt();
      reaper.close();
    },
  };
}

function addressesOf({ pid, log, stop, kill, ...addresses }: SandboxProcess): SandboxAddresses {
  return addresses;
}
