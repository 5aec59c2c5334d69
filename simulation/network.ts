/**
 * The network between the broker and AWS. Every call of a port takes time, and may fail in the ways
 * that real calls do. The ports behind it are fakes, which take effect at once.
 */
import type { ConvergePorts, SweepPorts } from "../shared/ports/function-ports.ts";
import type { MessageHold } from "../shared/ports/message-hold.ts";
import { type TappedCall, tapPorts } from "../test/fakes/port-tap.ts";
import { CALL_FAULTS, type CallFault, isPossible } from "./call-fault.ts";
import { type CallSite, REMOTE_PORTS, siteOf } from "./call-site.ts";
import type { Invocation } from "./invocation.ts";
import { NetworkCall, never } from "./network-call.ts";
import type { NetworkConditions } from "./network-conditions.ts";
import type { Service } from "./profile.ts";
import { instantOf } from "./virtual-time.ts";

/** Milliseconds without a call after which a kept connection may be dead. */
const IDLE = 60_000;

type BrokerPorts = ConvergePorts & SweepPorts;

export interface NetworkOptions extends NetworkConditions {
  /** The fakes, and what the broker is deployed with. */
  readonly behind: BrokerPorts;
  /** The ports with what may go wrong with the store of evidence. */
  readonly withEvidence: (ports: BrokerPorts, invocation: Invocation) => BrokerPorts;
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #calledAt = new Map<Service, number>();
  #requestIds = 0;
  #calls = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** The ports of one invocation. */
  portsFor(invocation: Invocation): BrokerPorts {
    const { behind, time, withEvidence } = this.#options;
    const tapped = tapPorts(behind, REMOTE_PORTS, (call) => this.#call(invocation, call));
    const now = () => instantOf(time.now + invocation.skew);
    return withEvidence({ ...tapped, clock: { now } }, invocation);
  }

  /** The message that a run works on. */
  holdFor(invocation: Invocation, holds: () => boolean): MessageHold {
    const call: TappedCall = {
      site: "queue.extend",
      args: [invocation.binding ?? ""],
      apply: async () => holds(),
    };
    return { extend: () => this.#call(invocation, call).then(Boolean) };
  }

  /** How many calls were made, whether they succeeded or not. */
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

  async #call(invocation: Invocation, { site: operation, args, apply }: TappedCall) {
    if (invocation.isCut()) return never();
    this.#calls += 1;
    const site = siteOf(operation);
    const nextRequestId = () => {
      this.#requestIds += 1;
      return `network-${this.#requestIds}`;
    };
    const request = { invocation, operation, site, args, apply, nextRequestId };
    const call = new NetworkCall(this.#options, request);
    call.checkTime();
    const latency = call.drawLatency();
    if (this.isDown(site.service)) return await call.failInOutage(latency);
    if (this.#isConnectionDead(invocation, site)) return await call.failOnDeadConnection(latency);
    const fault = this.#faultFor(invocation, site);
    if (fault === "crashBefore") return await call.crashBefore();
    return await call.travel(fault, latency);
  }

  /** Whether a read goes out over a kept connection that has died. */
  #isConnectionDead({ spared }: Invocation, { service, writes }: CallSite): boolean {
    const { random, profile, time, startedAt } = this.#options;
    const idle = time.now - (this.#calledAt.get(service) ?? time.now);
    this.#calledAt.set(service, time.now);
    if (profile.deadConnection === 0 || (service !== "eks" && service !== "iam")) return false;
    if (writes || spared || idle < IDLE) return false;
    return time.now - startedAt <= profile.faultsUntil && random.chance(profile.deadConnection);
  }

  #faultFor(invocation: Invocation, site: CallSite): CallFault | undefined {
    const { random, profile, time, startedAt, tally } = this.#options;
    const wakes = site.service === "sqs" && invocation.binding !== undefined;
    if (wakes && profile.wakeLost > 0 && random.chance(profile.wakeLost)) {
      tally.count("messages", "wakeLost");
      return "throttled";
    }
    if (invocation.spared || time.now - startedAt > profile.faultsUntil) return undefined;
    // One draw decides, so that a rate of nothing costs nothing.
    let die = random.fraction();
    for (const fault of CALL_FAULTS) {
      die -= profile[fault];
      if (die < 0) return isPossible(fault, site) ? fault : undefined;
    }
    return undefined;
  }
}
