/**
 * The ports as a function has them: every call takes its time, EKS has a rate limit, and a
 * cluster may not answer. Behind them lie the fakes, which take effect at once.
 */
import { CALL_MS, LEAST_MS } from "../../shared/aws/calls/aws-call.ts";
import { throttleWait } from "../../shared/aws/calls/throttle-wait.ts";
import type { ClusterArn } from "../../shared/domain/values/arn.ts";
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type EntryAddress,
  type Failure,
} from "../../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import type { Schedules } from "../../shared/ports/schedules.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import { callTime } from "./call-times.ts";
import type { TokenBucket } from "./token-bucket.ts";

/** What was called so far. */
export interface CallCounts {
  /** Calls that EKS let through, those that it then never answered among them. */
  eks: number;
  /** Attempts that EKS turned away: they took nothing of its rate. */
  throttled: number;
  /** Reads of the tables by converge. */
  reads: number;
}

export interface WiredPortsOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly bucket: TokenBucket;
  readonly counts: CallCounts;
  /** Whether a cluster answers at the moment. */
  readonly answers: (cluster: string) => boolean;
  /** Milliseconds that a call of Scheduler takes, at least and at most; as AWS's do unless it is set. */
  readonly schedulerMillis?: readonly [number, number];
  readonly behind: ConvergePorts & SweepPorts;
}

/** Ports of the tables, and which of their calls are reads. */
const TABLES = {
  requests: ["load"],
  bindings: ["view", "due"],
  ledgers: ["load"],
  clusters: ["load"],
  circuits: ["load"],
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
    disarmRevocation: (...args) => later(() => schedules.disarmRevocation(...args)),
    armFuse: (...args) => later(() => schedules.armFuse(...args)),
    disarmFuse: (...args) => later(() => schedules.disarmFuse(...args)),
  };
}

function wiredEntries(options: WiredPortsOptions, deadline: number): AccessEntries {
  const { time, random, bucket, counts, answers, behind } = options;
  const { reserveSeconds } = behind.settings;
  const sessions = new Map<string, Promise<void>>();

  /** A role session is made once, and kept for the run. */
  const assume = ({ sessionName }: CallSession): Promise<void> => {
    const made = sessions.get(sessionName) ?? time.delay(callTime(random, "aws"));
    sessions.set(sessionName, made);
    return made;
  };

  /** One call to EKS, throttles waited out as the adapter does. */
  const eks = async (operation: string, cluster: ClusterArn, { sessionName }: CallSession) => {
    const fail = (failure: Failure, code: string) =>
      new CallFailed(failure, code, `${operation}: ${code}`, {
        operation,
        requestId: null,
        sessionName,
        at: behind.clock.now(),
        result: code,
      });
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      const left = deadline - time.now;
      if (left < LEAST_MS) throw fail("throttled", "NoTimeLeft");
      const answer = callTime(random, "aws");
      await time.delay(answer / 2);
      if (bucket.take()) {
        counts.eks += 1;
        if (answers(cluster.name)) return void (await time.delay(answer / 2));
        await time.delay(Math.min(CALL_MS, left) - answer / 2);
        throw fail("unknown", "Timeout");
      }
      counts.throttled += 1;
      await time.delay(answer / 2);
      const wait = throttleWait(
        { tries, waited, left: deadline - time.now - reserveSeconds * 1_000 },
        random.fraction(),
      );
      if (wait === undefined) throw fail("throttled", "ThrottlingException");
      waited += wait;
      await time.delay(wait);
    }
  };

  const change =
    <Args extends readonly unknown[], Result>(
      operation: string,
      apply: (address: EntryAddress, session: CallSession, ...args: Args) => Promise<Result>,
    ) =>
    async (address: EntryAddress, session: CallSession, ...args: Args): Promise<Result> => {
      await assume(session);
      await eks(operation, address.cluster, session);
      return await apply(address, session, ...args);
    };

  const { entries } = behind;
  return {
    async read(address, session) {
      await assume(session);
      await eks("DescribeAccessEntry", address.cluster, session);
      const found = await entries.read(address, session);
      if (found) await eks("ListAssociatedAccessPolicies", address.cluster, session);
      return found;
    },
    async principal(address, session) {
      await assume(session);
      await time.delay(callTime(random, "aws"));
      return await entries.principal(address, session);
    },
    async cluster(cluster, session) {
      await assume(session);
      await eks("DescribeCluster", cluster, session);
      return await entries.cluster(cluster, session);
    },
    create: change("CreateAccessEntry", entries.create),
    updateGroups: change("UpdateAccessEntry", entries.updateGroups),
    associate: change("AssociateAccessPolicy", entries.associate),
    disassociate: change("DisassociateAccessPolicy", entries.disassociate),
    remove: change("DeleteAccessEntry", entries.remove),
  };
}
