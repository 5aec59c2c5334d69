import type { ConvergePorts, SweepPorts } from "../../shared/ports/function-ports.ts";
import { checkCluster } from "../../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../../shared/usecases/converge/converge.ts";
import { sweep } from "../../shared/usecases/converge/sweep.ts";
import type { SweepMemory } from "../../shared/usecases/converge/sweep-memory.ts";
import { sweepTickets } from "../../shared/usecases/facts/sweep-tickets.ts";
import { wakingNotify } from "../../shared/usecases/notices/waking-notify.ts";
import { type Ending, type Invocation, invoke } from "./invocation.ts";
import type { Received } from "./network/fifo-queue.ts";
import type { Network } from "./network/network.ts";
import { noticeWaker } from "./notices/notice-waker.ts";
import type { NotifyRuns } from "./notices/notify-runs.ts";
import type { Oracle } from "./oracle/oracle.ts";
import { STACK, type Stage } from "./stage.ts";

const SECOND = 1_000;

/** Lines of converge's log about records that are not as the broker stored them. */
const OF_FORGERIES: ReadonlySet<string> = new Set(["records left out", "head mended"]);

/** The function that runs, its binding, and its time limit. */
interface Start {
  readonly kind: "api" | "converge" | "sweep";
  readonly binding: string | undefined;
  readonly seconds: number;
  /** No fault strikes it. */
  readonly spared: boolean;
}

/** Runs the broker's functions: each has a clock, a deadline, and ports of its own. */
export class FunctionRuns {
  readonly #stage: Stage;
  readonly #oracle: Oracle;
  readonly #network: () => Network;
  readonly #notify: () => NotifyRuns;
  /** By binding, what happens during its next run. */
  readonly duringRun = new Map<string, (() => void)[]>();
  /** By binding, how many runs of converge are under way. */
  readonly #underWay = new Map<string, number>();
  #invocations = 0;
  /** Lost with a process that crashes. */
  #sweepMemory: SweepMemory = {};

  /** @param network asked for at each run, since its ports lead to the queue that starts runs */
  constructor(stage: Stage, oracle: Oracle, network: () => Network, notify: () => NotifyRuns) {
    this.#stage = stage;
    this.#oracle = oracle;
    this.#network = network;
    this.#notify = notify;
  }

  /** Runs what a person does through the API. */
  api(binding: string | undefined, work: (ports: SweepPorts) => Promise<void>): Promise<Ending> {
    // Without a sweep, nobody else sends what the API failed to send.
    const spared = !this.#stage.profile.sweep;
    return this.#run({ kind: "api", binding, seconds: 10, spared }, work);
  }

  async sweep(): Promise<Ending> {
    const start: Start = { kind: "sweep", binding: undefined, seconds: 30, spared: false };
    const ending = await this.#run(start, async (ports, invocation) => {
      const sweeping = this.#notify().sweepPortsFor(ports);
      const report = await sweep(sweeping, this.#sweepMemory);
      this.#stage.note(invocation.name, () => JSON.stringify(report));
      await this.#sweepTickets(sweeping, invocation);
    });
    if (ending.kind !== "done") {
      this.#sweepMemory = {};
      this.#oracle.notices.allDelayed();
    }
    return ending;
  }

  /** A message says that these tickets were read. The next sweep has all of them again. */
  sweepTickets(keys: readonly string[]): Promise<Ending> {
    const start: Start = { kind: "sweep", binding: undefined, seconds: 30, spared: false };
    return this.#run(start, (ports, invocation) =>
      this.#sweepTickets(this.#notify().sweepPortsFor(ports), invocation, keys),
    );
  }

  async #sweepTickets(
    ports: SweepPorts,
    { name }: Invocation,
    keys?: readonly string[],
  ): Promise<void> {
    const report = await sweepTickets(ports, keys);
    if (report) this.#stage.note(name, () => `tickets ${JSON.stringify(report)}`);
  }

  /** Runs converge for a message. */
  async receive(received: Received): Promise<Ending> {
    const { group } = received;
    const underWay = this.#underWay.get(group) ?? 0;
    if (underWay > 0) this.#stage.tally.count("runs", "overlap");
    this.#underWay.set(group, underWay + 1);
    const ending = await this.#converge(received);
    this.#underWay.set(group, (this.#underWay.get(group) ?? 1) - 1);
    return ending;
  }

  #converge({ group, body, waitedSeconds, last, holds }: Received): Promise<Ending> {
    const { time, random, profile, note } = this.#stage;
    this.#oracle.runBegan(group);
    for (const act of this.duringRun.get(group) ?? [])
      time.after(random.between(0, 2 * SECOND), act);
    this.duringRun.delete(group);
    // Without a sweep nobody sends a binding again whose message became a dead letter.
    const spared = last && !profile.sweep;
    const seconds = STACK.convergeTimeoutSeconds;
    return this.#run({ kind: "converge", binding: group, seconds, spared }, (ports, invocation) => {
      const { name, deadline } = invocation;
      note(name, () => `received ${body}`);
      const log = (message: string, facts: object) => {
        note(name, () => `${message} ${JSON.stringify(facts)}`);
        if (OF_FORGERIES.has(message)) this.#oracle.facts.tookAsForged(message);
      };
      const cluster = /^cluster\/(.+)$/.exec(group)?.[1];
      if (cluster !== undefined) return checkCluster(ports, cluster, { log });
      const millisLeft = () => deadline - time.now;
      const hold = this.#network().holdFor(invocation, () => {
        const held = holds();
        if (!held) this.#oracle.fenced("message");
        return held;
      });
      const isDriftCheck = body === "drift-check";
      return converge(ports, group, { millisLeft, waitedSeconds, hold, isDriftCheck, log });
    });
  }

  async #run(
    { kind, binding, seconds, spared }: Start,
    work: (ports: ConvergePorts & SweepPorts, invocation: Invocation) => Promise<unknown>,
  ): Promise<Ending> {
    const { time, random, profile } = this.#stage;
    this.#invocations += 1;
    const name = `${kind}#${this.#invocations}`;
    const skew = random.between(-1, 1) * profile.skewSeconds * SECOND;
    let own: Invocation | undefined;
    const ending = await invoke(
      time,
      { name, binding, skew, spared, millis: seconds * SECOND },
      (invocation) => {
        own = invocation;
        const ports = this.#network().portsFor(invocation);
        const waker = noticeWaker(ports, this.#notify());
        const handler = wakingNotify(waker, work);
        const { requests, delegations } = waker;
        return handler({ ...ports, requests, delegations }, invocation);
      },
    );
    if (ending.kind !== "done")
      this.#stage.tally.count("runs", `${kind} ${howEnded(ending, time.now, own)}`);
    if (own) this.#oracle.ended(own, ending);
    return ending;
  }
}

/** Lambda's time limit ends a run as a crash does. */
function howEnded({ kind }: Ending, now: number, own: Invocation | undefined): string {
  if (kind === "failed") return "failed";
  return own !== undefined && now >= own.deadline ? "outOfTime" : "crashed";
}
