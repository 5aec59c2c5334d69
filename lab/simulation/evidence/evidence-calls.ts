import { type TappedCall, tapPorts } from "../../fakes/port-tap.ts";
import type { Invocation } from "../invocation.ts";
import { never } from "../network/network-call.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { EvidenceWatch } from "../oracle/evidence.ts";
import type { Tally } from "../oracle/tally.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import {
  EVIDENCE_FAULTS,
  type EvidenceFault,
  type EvidenceProfile,
  type StoreFaults,
} from "./evidence-profile.ts";

export interface EvidenceCallsOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: EvidenceProfile;
  readonly watch: EvidenceWatch;
  readonly tally: Tally;
  readonly isTableDown: () => boolean;
  readonly note: (actor: string, what: () => string) => void;
  /** Something went wrong with a run of converge. */
  readonly disturbed: (invocation: Invocation, site: string) => void;
}

/** Ports of a function that reaches the store of evidence. */
interface Reach {
  readonly invocation: Invocation;
  readonly faults: StoreFaults;
  /** When they stop. Milliseconds since the start. */
  readonly until: number;
  /** Milliseconds until an answer comes, and until a caller gives up waiting for one. */
  readonly latency: readonly [number, number];
  readonly patience: number;
}

const PATIENCE = 2_000;
/** Nothing is added without them. */
const FOR_ADDITIONS: ReadonlySet<string> = new Set(["evidence.intents", "evidence.putIntent"]);
/** Long after its run, and long before correlate looks for it. */
const LANDS_WITHIN = 20_000;

/** The calls to the store of evidence: they fail, land late, and the function may end at each. */
export class EvidenceCalls {
  readonly #options: EvidenceCallsOptions;

  constructor(options: EvidenceCallsOptions) {
    this.#options = options;
  }

  /** Ports of a run of correlate. */
  correlate<
    Ports extends { readonly requests: object; readonly evidence: object; readonly lookup: object },
  >(ports: Ports, invocation: Invocation): Ports {
    const { profile } = this.#options;
    const reach: Reach = {
      invocation,
      faults: profile.correlate,
      until: profile.faultsUntil.correlate,
      latency: [3, 20],
      patience: PATIENCE,
    };
    return tapPorts(ports, ["requests", "evidence", "lookup"], (call) => this.#call(reach, call));
  }

  /** Ports of a run of converge. In most lives calls take no time, so that they shift nothing else there. */
  converge<Ports extends { readonly evidence: object }>(
    ports: Ports,
    invocation: Invocation,
  ): Ports {
    const { profile } = this.#options;
    const reach: Reach = {
      invocation,
      faults: profile.converge,
      until: profile.faultsUntil.converge,
      latency: profile.convergeMillis,
      patience: profile.convergeMillis[1] > 0 ? PATIENCE : 0,
    };
    const absent = async ({ site, apply }: TappedCall) => {
      if (FOR_ADDITIONS.has(site)) return await apply();
      throw new ServiceFailed("ServiceUnavailable");
    };
    const tap = (call: TappedCall) => this.#callOfConverge(reach, call);
    return tapPorts(ports, ["evidence"], profile.isAbsent ? absent : tap);
  }

  async #callOfConverge(reach: Reach, call: TappedCall): Promise<unknown> {
    if (reach.latency[1] > 0) this.#options.tally.meets("evidenceSlow");
    try {
      return await this.#call(reach, call);
    } catch (error) {
      this.#options.disturbed(reach.invocation, call.site);
      throw error;
    }
  }

  async #call(reach: Reach, call: TappedCall): Promise<unknown> {
    const { invocation, latency, patience } = reach;
    const { random, isTableDown, note, tally } = this.#options;
    if (invocation.isCut()) return await never();
    const fault = this.#draw(reach, call);
    if (fault !== undefined) {
      note(invocation.name, () => `${call.site}: ${fault}`);
      tally.count("evidence", fault);
    }
    if (fault === "crashBefore") return this.#end(reach, call);
    await this.#pass(reach, random.between(...latency));
    if (latency[1] > 0 && !call.site.startsWith("lookup") && isTableDown())
      throw this.#failed("ServiceUnavailable");
    if (fault === "failed") throw this.#failed("ThrottlingException");
    if (fault === "landsLate") {
      this.#options.time.after(random.between(0, LANDS_WITHIN), () => ignored(call.apply()));
      await this.#pass(reach, patience);
      throw this.#failed("Timeout (takes effect late)");
    }
    const answer = await call.apply();
    if (fault === "crashAfter") return this.#end(reach, call);
    if (fault === "answerLost") {
      await this.#pass(reach, patience);
      throw this.#failed("Timeout (took effect)");
    }
    return answer;
  }

  /** Lets time pass; a function that was cut off meanwhile never goes on. */
  async #pass({ invocation }: Reach, millis: number): Promise<void> {
    if (millis === 0) return;
    await this.#options.time.delay(millis);
    if (invocation.isCut()) await never();
  }

  #failed(code: string): ServiceFailed {
    this.#options.watch.troubled();
    return new ServiceFailed(code);
  }

  /** The function ends here, as if its process were killed. */
  #end({ invocation }: Reach, { site }: TappedCall): Promise<never> {
    this.#options.watch.troubled();
    if (invocation.binding !== undefined) this.#options.disturbed(invocation, site);
    invocation.cut();
    return never();
  }

  #draw({ faults, until, invocation }: Reach, { site }: TappedCall): EvidenceFault | undefined {
    const { time, startedAt, random } = this.#options;
    if (time.now - startedAt > until || invocation.spared) return undefined;
    let die = random.fraction();
    for (const fault of EVIDENCE_FAULTS) {
      die -= faults[fault];
      if (die < 0) return fault === "landsLate" && !WRITE.test(site) ? "failed" : fault;
    }
    return undefined;
  }
}

const WRITE = /^evidence\.(put|append|settle)/;

const ignored = (answer: Promise<unknown>) => {
  answer.catch(() => undefined);
};
