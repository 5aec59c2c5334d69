/**
 * The ports as a function has them. Every call takes its time, EKS has a rate limit, and a cluster
 * may not answer. The fakes behind them take effect at once.
 */
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { Schedules } from "../../../shared/ports/schedules.ts";
import { callTime } from "./call-times.ts";
import { wiredEntries } from "./wired-entries.ts";
import type { WiredPortsOptions } from "./wired-ports-options.ts";

/** Ports of the tables, and which of their calls are reads. */
const TABLES = {
  requests: ["load"],
  bindings: ["view", "due"],
  ledgers: ["load"],
  clusters: ["load"],
  circuits: ["load"],
  evidence: [],
} as const satisfies Partial<Record<keyof ConvergePorts, readonly string[]>>;

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** @param deadline when the invocation is cut off, in milliseconds of the virtual time */
export function wiredPorts(
  options: WiredPortsOptions,
  deadline: number,
): ConvergePorts & SweepPorts {
  const { time, random, behind, counts } = options;

  const table = <Name extends keyof typeof TABLES>(name: Name): (typeof behind)[Name] => {
    const reads: readonly string[] = TABLES[name];
    return Object.fromEntries(
      Object.entries(behind[name]).map(([method, apply]) => [
        method,
        async (...args: readonly unknown[]) => {
          if (reads.includes(method)) counts.reads += 1;
          await time.delay(callTime(random, "table"));
          return (apply as Method)(...args);
        },
      ]),
    ) as unknown as (typeof behind)[Name];
  };

  return {
    ...behind,
    requests: table("requests"),
    bindings: table("bindings"),
    ledgers: table("ledgers"),
    clusters: table("clusters"),
    circuits: table("circuits"),
    evidence: table("evidence"),
    entries: wiredEntries(options, deadline),
    schedules: wiredSchedules(options),
    queue: {
      async send(...args) {
        await time.delay(callTime(random, "aws"));
        await behind.queue.send(...args);
      },
      async sendOnce(...args) {
        await time.delay(callTime(random, "aws"));
        await behind.queue.sendOnce(...args);
      },
      async backlog() {
        await time.delay(callTime(random, "aws"));
        return await behind.queue.backlog();
      },
    },
  };
}

function wiredSchedules(options: WiredPortsOptions): Schedules {
  const { time, random, behind, schedulerMillis } = options;
  const later = async <Result>(apply: () => Promise<Result>): Promise<Result> => {
    const millis = schedulerMillis ? random.between(...schedulerMillis) : callTime(random, "aws");
    await time.delay(millis);
    return await apply();
  };
  const { schedules } = behind;
  return {
    armRevocation: (...args) => later(() => schedules.armRevocation(...args)),
    armRetry: (...args) => later(() => schedules.armRetry(...args)),
    disarmRevocation: (...args) => later(() => schedules.disarmRevocation(...args)),
    armFuse: (...args) => later(() => schedules.armFuse(...args)),
    disarmFuse: (...args) => later(() => schedules.disarmFuse(...args)),
  };
}
