/**
 * What lies between the broker and AWS: every call of a port takes time, and may go wrong in the
 * ways in which calls do. The ports behind it are the fakes, which take effect at once.
 */
import { BrokerError } from "../shared/domain/values/errors.ts";
import { CallFailed, type CallRecord, type Failure } from "../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../shared/ports/function-ports.ts";
import type { MessageHold } from "../shared/ports/message-hold.ts";
import { tapPorts } from "../test/fakes/port-tap.ts";
import { brief } from "./brief.ts";
import type { Invocation } from "./invocation.ts";
import type { Profile, Service } from "./profile.ts";
import type { Random } from "./random.ts";
import { instantOf, type VirtualTime } from "./virtual-time.ts";

interface CallSite {
  readonly service: Service;
  readonly writes: boolean;
  /** It may meet a transaction on the same item; `transaction` where it is one itself. */
  readonly meets: "transaction" | "item" | null;
}

/** Behind which service each port lies. */
const SERVICE = {
  requests: "dynamodb",
  bindings: "dynamodb",
  ledgers: "dynamodb",
  clusters: "dynamodb",
  circuits: "dynamodb",
  entries: "eks",
  schedules: "scheduler",
  queue: "sqs",
} as const satisfies Readonly<Partial<Record<keyof ConvergePorts | keyof SweepPorts, Service>>>;

/** Calls of a port that belong to another service. */
const ELSEWHERE: Readonly<Record<string, Service>> = { "entries.principal": "iam" };

const TRANSACTIONS: ReadonlySet<string> = new Set([
  "requests.create",
  "requests.save",
  "requests.saveAll",
]);

/** Writes of one item that transactions write too: DynamoDB refuses them just as well. */
const CONTENDED: ReadonlySet<string> = new Set(["bindings.park", "ledgers.save"]);

const READS: ReadonlySet<string> = new Set([
  "requests.load",
  "requests.history",
  "requests.requestedBy",
  "requests.awaiting",
  "requests.grants",
  "requests.auditBetween",
  "requests.idempotent",
  "bindings.view",
  "bindings.due",
  "ledgers.load",
  "clusters.load",
  "circuits.load",
  "queue.backlog",
  "queue.extend",
  "entries.read",
  "entries.principal",
  "entries.cluster",
]);

/** Milliseconds that an answer takes. */
const LATENCY: Readonly<Record<Service, readonly [number, number]>> = {
  dynamodb: [3, 20],
  eks: [60, 350],
  iam: [30, 120],
  scheduler: [30, 200],
  sqs: [5, 30],
};

/** A call is given up after so many milliseconds, and its outcome is unknown. */
const PATIENCE = 2_000;
/** A throttle is waited out in place for so long. */
const THROTTLE = 4_000;
/** With less left, no call to AWS is begun. */
const LEAST = 200;
/** A connection that was kept for longer without a call may be dead, in milliseconds. */
const IDLE = 60_000;
/** How late a call may be applied whose answer was given up, by service, in milliseconds. */
const LATE: Readonly<Record<Exclude<Service, "eks">, number>> = {
  iam: 0,
  scheduler: 20_000,
  sqs: 20_000,
  // Less than a failed message stays invisible after its run is over.
  dynamodb: 20_000,
};

type Fault =
  | "throttled"
  | "crashBefore"
  | "crashAfter"
  | "unansweredApplied"
  | "unansweredLate"
  | "slow"
  | "conflict";
const FAULTS: readonly Fault[] = [
  "throttled",
  "crashBefore",
  "crashAfter",
  "unansweredApplied",
  "unansweredLate",
  "slow",
  "conflict",
];

/** What the network tells of calls, to whoever watches. */
export interface CallWatch {
  /** A call is about to take effect; it does so before anything else happens. */
  applying(invocation: Invocation, late: boolean): void;
  /**
   * Something went wrong for this invocation, and may have an effect until then. `subject`: only
   * what was to be sent of it.
   */
  disturbed(invocation: Invocation, until: number, operation: string, subject?: string): void;
  /** A write is under way and may take effect, until `landed`. */
  launched(invocation: Invocation, operation: string): void;
  landed(invocation: Invocation, operation: string): void;
  note(actor: string, what: () => string): void;
}

export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: Profile;
  readonly watch: CallWatch;
  readonly reserveMillis: number;
  /** The fakes, and what the broker is deployed with. */
  readonly behind: ConvergePorts & SweepPorts;
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #calledAt = new Map<Service, number>();
  #requestIds = 0;
  #calls = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The ports as one invocation has them. */
  portsFor(invocation: Invocation): ConvergePorts & SweepPorts {
    const { behind, time } = this.#options;
    const tapped = tapPorts(behind, PORTS, ({ site, args, apply }) =>
      this.#call(invocation, site, siteOf(site), args, apply),
    );
    const now = () => instantOf(time.now + invocation.skew);
    return { ...tapped, clock: { now } };
  }

  /** The message that a run works on. */
  holdFor(invocation: Invocation, holds: () => boolean): MessageHold {
    const site = siteOf("queue.extend");
    const args = [invocation.binding ?? ""];
    const apply = async () => holds();
    return {
      extend: () => this.#call(invocation, "queue.extend", site, args, apply).then(Boolean),
    };
  }

  /** How many calls were made, whatever became of them. */
  get calls(): number {
    return this.#calls;
  }

  isDown(service: Service): boolean {
    const { profile, time, startedAt } = this.#options;
    const elapsed = time.now - startedAt;
    return profile.outages.some(
      (outage) => outage.service === service && outage.from <= elapsed && elapsed < outage.to,
    );
  }

  async #call(
    invocation: Invocation,
    operation: string,
    site: CallSite,
    args: readonly unknown[],
    apply: () => Promise<unknown>,
  ): Promise<unknown> {
    if (invocation.isCut()) return never();
    this.#calls += 1;
    const { time, random, watch, reserveMillis } = this.#options;
    const { service } = site;
    const left = invocation.deadline - time.now;
    const note = (result: () => string) =>
      watch.note(invocation.name, () => `${operation}(${brief(args)}) → ${result()}`);
    const fail = (failure: Failure, code: string) => {
      note(() => code);
      return this.#failure(invocation, site, operation, failure, code);
    };
    const subject = service === "sqs" ? String(args[0]) : undefined;
    const disturbed = (until: number) => watch.disturbed(invocation, until, operation, subject);
    const effect = (late = false) => {
      watch.applying(invocation, late);
      return apply();
    };
    if (left < LEAST && service !== "dynamodb" && service !== "sqs")
      throw fail("throttled", "NoTimeLeft");
    const [shortest, longest] = LATENCY[service];
    const latency = random.between(shortest, longest);
    if (this.isDown(service)) {
      disturbed(time.now);
      await time.delay(random.chance(0.2) ? Math.min(PATIENCE, left) : latency);
      if (invocation.isCut()) return never();
      throw random.chance(0.5)
        ? fail("busy", "ServiceUnavailable")
        : fail("unknown", "InternalFailure");
    }
    if (this.#isConnectionDead(invocation, site)) {
      disturbed(time.now);
      await time.delay(latency);
      if (invocation.isCut()) return never();
      throw fail("unknown", "ECONNRESET");
    }
    const fault = this.#faultFor(invocation, site);
    if (fault === "crashBefore") {
      watch.disturbed(invocation, time.now, operation);
      note(() => "the function ends before the call");
      invocation.cut();
      return never();
    }
    if (site.writes) watch.launched(invocation, operation);
    const landed = () => {
      if (site.writes) watch.landed(invocation, operation);
    };
    /** Takes effect after a while, when nobody waits for it any more. */
    const land = (after: number) => {
      disturbed(time.now + after);
      time.after(after, () => {
        note(() => "takes effect late");
        unheard(effect(true));
        landed();
      });
    };
    if (fault === "slow") disturbed(time.now + PATIENCE);
    await time.delay(fault === "slow" ? random.between(500, PATIENCE - 100) : latency);
    if (invocation.isCut()) {
      // It was under way when the function was cut off, and takes effect or does not.
      if (site.writes && random.chance(0.5)) land(this.#lateness(service));
      else landed();
      return never();
    }
    switch (fault) {
      case "throttled": {
        landed();
        disturbed(time.now);
        const patience = Math.min(THROTTLE, invocation.deadline - time.now - reserveMillis);
        await time.delay(Math.max(0, random.between(0, patience)));
        if (invocation.isCut()) return never();
        throw fail("throttled", "ThrottlingException");
      }
      case "conflict":
        landed();
        disturbed(time.now);
        note(() => "TransactionConflict");
        throw site.meets === "item"
          ? new ServiceFailed("TransactionConflictException")
          : new BrokerError("dependency-unavailable", "The table is too busy right now.");
      case "crashAfter":
        watch.disturbed(invocation, time.now, operation);
        note(() => "takes effect, and the function ends");
        unheard(effect());
        landed();
        invocation.cut();
        return never();
      case "unansweredApplied":
        disturbed(time.now + PATIENCE);
        unheard(effect());
        landed();
        await time.delay(PATIENCE);
        if (invocation.isCut()) return never();
        throw fail("unknown", "Timeout (took effect)");
      case "unansweredLate":
        land(this.#lateness(service));
        await time.delay(PATIENCE);
        if (invocation.isCut()) return never();
        throw fail("unknown", "Timeout (takes effect late)");
      default:
        landed();
        try {
          const answer = await effect();
          note(() => brief([answer]));
          return answer;
        } catch (error) {
          note(() => String(error));
          throw error;
        }
    }
  }

  /** How long after its answer was given up a call takes effect: often soon. */
  #lateness(service: Service): number {
    const { random, profile } = this.#options;
    const latest = service === "eks" ? profile.eksLateSeconds * 1_000 : LATE[service];
    return random.between(0, random.chance(0.4) ? latest / 20 : latest);
  }

  /** Whether a read goes out over a connection that died while it was kept. */
  #isConnectionDead({ spared }: Invocation, { service, writes }: CallSite): boolean {
    const { random, profile, time, startedAt } = this.#options;
    const idle = time.now - (this.#calledAt.get(service) ?? time.now);
    this.#calledAt.set(service, time.now);
    if (profile.deadConnection === 0 || (service !== "eks" && service !== "iam")) return false;
    if (writes || spared || idle < IDLE) return false;
    return time.now - startedAt <= profile.faultsUntil && random.chance(profile.deadConnection);
  }

  #faultFor(invocation: Invocation, site: CallSite): Fault | undefined {
    const { random, profile, time, startedAt } = this.#options;
    const wakes = site.service === "sqs" && invocation.binding !== undefined;
    if (wakes && profile.wakeLost > 0 && random.chance(profile.wakeLost)) return "throttled";
    if (invocation.spared || time.now - startedAt > profile.faultsUntil) return undefined;
    // One draw decides, so that a rate of nothing costs nothing.
    let die = random.fraction();
    for (const fault of FAULTS) {
      die -= profile[fault];
      if (die < 0) return isPossible(fault, site) ? fault : undefined;
    }
    return undefined;
  }

  /** What the port throws: an adapter of AWS's says how it failed, a table's only that it did. */
  #failure(
    invocation: Invocation,
    { service }: CallSite,
    operation: string,
    failure: Failure,
    code: string,
  ): Error {
    if (service === "dynamodb" || service === "sqs") return new ServiceFailed(code);
    this.#requestIds += 1;
    const record: CallRecord = {
      operation,
      requestId: failure === "unknown" ? null : `network-${this.#requestIds}`,
      sessionName: "timelatch",
      at: instantOf(this.#options.time.now + invocation.skew),
      result: code,
    };
    return new CallFailed(failure, code, `${operation}: ${code}`, record);
  }
}

/** What a table or the queue throws when it does not answer. */
export class ServiceFailed extends Error {
  override readonly name = "ServiceFailed";
}

const isPossible = (fault: Fault, { writes, meets }: CallSite) =>
  fault === "conflict" ? meets !== null : fault !== "unansweredLate" || writes;

const PORTS = Object.keys(SERVICE) as readonly (keyof typeof SERVICE)[];

function siteOf(operation: string): CallSite {
  const [port] = operation.split(".");
  return {
    service: ELSEWHERE[operation] ?? SERVICE[port as keyof typeof SERVICE],
    writes: !READS.has(operation),
    meets: meetsOf(operation),
  };
}

function meetsOf(operation: string): CallSite["meets"] {
  if (TRANSACTIONS.has(operation)) return "transaction";
  return CONTENDED.has(operation) ? "item" : null;
}

/** A call whose function is over: nobody waits for its answer any more. */
const never = () => new Promise<never>(() => {});

const unheard = (answer: Promise<unknown>) => {
  answer.catch(() => undefined);
};
