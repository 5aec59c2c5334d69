/**
 * The network between the broker and AWS. Every call of a port takes time, and may fail in the ways
 * that real calls do. The ports behind it are fakes, which take effect at once.
 */
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { MessageHold } from "../../../shared/ports/message-hold.ts";
import { type TappedCall, tapPorts } from "../../fakes/port-tap.ts";
import { CallHardships, clusterOf, type Met } from "../faults/call-hardships.ts";
import type { Invocation } from "../invocation.ts";
import type { Service } from "../profile.ts";
import { instantOf } from "../virtual-time.ts";
import { CALL_FAULTS, type CallFault, isPossible } from "./call-fault.ts";
import { type CallSite, REMOTE_PORTS, siteOf } from "./call-site.ts";
import { NetworkCall, never } from "./network-call.ts";
import type { NetworkConditions } from "./network-conditions.ts";

/** Milliseconds without a call after which a kept connection may be dead. */
const IDLE = 60_000;

type BrokerPorts = ConvergePorts & SweepPorts;

export interface NetworkOptions extends NetworkConditions {
  /** The fakes, and what the broker is deployed with. */
  readonly behind: BrokerPorts;
  /** The ports with what may go wrong with the store of evidence. */
  readonly withEvidence: (ports: BrokerPorts, invocation: Invocation) => BrokerPorts;
}

/** How much more often a call that changes an entry, or a save beside it, meets a fault than others. */
const AIM = { change: 60, save: 8 } as const;
/** How much more seldom other calls do than the profile says. */
const OTHERS = 0.35;
/** The most that all faults of one such call may come to. Else runs would end nothing. */
const MOST = { change: 0.5, save: 0.3 } as const;

export class Network {
  readonly #options: NetworkOptions;
  readonly #calledAt = new Map<Service, number>();
  readonly #hardships: CallHardships;
  /** How often any fault strikes a call, by the profile. */
  readonly #rate: number;
  #requestIds = 0;
  #calls = 0;

  constructor(options: NetworkOptions) {
    this.#options = options;
    this.#hardships = new CallHardships(options);
    this.#rate = CALL_FAULTS.reduce((sum, fault) => sum + options.profile[fault], 0);
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

  /** When the broker's own region is down. */
  get ownRegionDown() {
    return this.#hardships.ownRegion;
  }

  /** @param region where the service is (default: the broker's own) */
  isDown(service: Service, region?: string): boolean {
    const { profile, time, startedAt } = this.#options;
    if (this.#hardships.isRegionDown(region)) return true;
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
    if (this.#isDownAt(site, clusterOf(operation, args)?.region))
      return await call.failInOutage(latency);
    if (this.#isConnectionDead(invocation, site)) return await call.failOnDeadConnection(latency);
    const met = this.#hardships.meets(request);
    if (met) return await this.#suffer(call, met, latency);
    if (this.#hardships.readsAgain(request)) this.#options.tally.meets("grantsOlder");
    const fault = this.#faultFor(invocation, site);
    if (fault === "crashBefore") return await call.crashBefore();
    return await call.travel(fault, latency);
  }

  #isDownAt({ service }: CallSite, region: string | undefined): boolean {
    // IAM is in no region.
    const isRegionDown = service !== "iam" && this.#hardships.isRegionDown(region);
    if (isRegionDown) this.#options.tally.meets("regionDown");
    return isRegionDown || this.isDown(service);
  }

  #suffer(call: NetworkCall, met: Met, latency: number): Promise<unknown> {
    if (met.hardship !== "slow") this.#options.tally.meets(met.hardship);
    switch (met.kind) {
      case "fails":
        return call.failUncalled(latency, met);
      case "throttled":
        return call.travel("throttled", latency);
      case "slow":
        return call.takeLong(met.millis);
    }
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
    let die = random.fraction() / this.#weightOf(site);
    for (const fault of CALL_FAULTS) {
      die -= profile[fault];
      if (die < 0) return isPossible(fault, site) ? fault : undefined;
    }
    return undefined;
  }

  #weightOf({ aim }: CallSite): number {
    return aim === null ? OTHERS : Math.max(1, Math.min(AIM[aim], MOST[aim] / this.#rate));
  }
}
