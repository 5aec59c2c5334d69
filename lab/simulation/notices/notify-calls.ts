import type { NotifyPorts } from "../../../shared/ports/function-ports.ts";
import { NoticeConflict } from "../../../shared/ports/notice-store.ts";
import { type TappedCall, tapPorts } from "../../fakes/port-tap.ts";
import type { Invocation } from "../invocation.ts";
import { never } from "../network/network-call.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { NoticeWatch } from "../oracle/notices.ts";
import type { Random } from "../random.ts";
import type { VirtualTime } from "../virtual-time.ts";
import type { NoticeProfile } from "./notice-profile.ts";

export interface NotifyCallsOptions {
  readonly time: VirtualTime;
  readonly startedAt: number;
  readonly random: Random;
  readonly profile: NoticeProfile;
  readonly watch: NoticeWatch;
  /** Whether DynamoDB is out of order, as it is for the other functions. */
  readonly isTableDown: () => boolean;
  readonly note: (actor: string, what: () => string) => void;
}

/** Ports whose calls leave the function. The messenger and the bus have faults of their own. */
const REMOTE = ["requests", "findings", "delegations", "notices", "bus", "messenger"] as const;
/** Calls that read or write a table. */
const TABLE = /^(requests|findings|delegations|notices)\.|^messenger\.find$/;
const LATENCY = [3, 20] as const;

type Fault = "crashBefore" | "crashAfter" | "tableFailed" | "tableAnswerLost" | "conflict";
const FAULTS: readonly Fault[] = [
  "crashBefore",
  "crashAfter",
  "tableFailed",
  "tableAnswerLost",
  "conflict",
];

/** The notify function's side of its calls: they take time, fail, and the function may end at each. */
export class NotifyCalls {
  readonly #options: NotifyCallsOptions;

  constructor(options: NotifyCallsOptions) {
    this.#options = options;
  }

  portsFor(behind: NotifyPorts, invocation: Invocation, subject: string): NotifyPorts {
    return tapPorts(behind, REMOTE, (call) => this.#call(invocation, subject, call));
  }

  async #call(invocation: Invocation, subject: string, call: TappedCall): Promise<unknown> {
    if (invocation.isCut()) return await never();
    const fault = this.#draw(call);
    if (fault !== undefined) this.#options.watch.troubled(subject, fault);
    if (fault === "crashBefore") return await this.#end(invocation, call);
    const isTable = TABLE.test(call.site);
    if (isTable) await this.#reachTable(invocation, subject, call, fault);
    const answer = await this.#answerTo(subject, call);
    if (fault === "crashAfter") return await this.#end(invocation, call);
    if (invocation.isCut()) return await never();
    if (fault === "tableAnswerLost") throw new ServiceFailed("Timeout (took effect)");
    return answer;
  }

  async #answerTo(subject: string, { site, apply }: TappedCall): Promise<unknown> {
    try {
      return await apply();
    } catch (error) {
      if (error instanceof NoticeConflict) {
        this.#options.note("notify", () => `${site} of ${subject.slice(-4)} conflicts`);
        this.#options.watch.troubled(subject, "overtaken");
        this.#options.watch.mayRepeat(subject);
      }
      throw error;
    }
  }

  async #reachTable(
    invocation: Invocation,
    subject: string,
    { site }: TappedCall,
    fault: Fault | undefined,
  ): Promise<void> {
    const { time, random, isTableDown, watch, note } = this.#options;
    await time.delay(random.between(...LATENCY));
    if (invocation.isCut()) await never();
    const isDown = isTableDown();
    if (isDown) watch.troubled(subject, "tableFailed");
    if (!isDown && fault !== "tableFailed" && fault !== "conflict") return;
    note(invocation.name, () => `${site}: ${isDown ? "outage" : fault}`);
    throw new ServiceFailed(isDown ? "ServiceUnavailable" : String(fault));
  }

  /** The function ends here, as if its process were killed. */
  #end(invocation: Invocation, { site }: TappedCall): Promise<never> {
    this.#options.note(invocation.name, () => `ends at ${site}`);
    invocation.cut();
    return never();
  }

  #draw({ site }: TappedCall): Fault | undefined {
    const { time, startedAt, random, profile } = this.#options;
    if (time.now - startedAt > profile.faultsUntil) return undefined;
    let die = random.fraction();
    for (const fault of FAULTS) {
      die -= profile.notify[fault];
      if (die < 0) return isPossible(fault, site) ? fault : undefined;
    }
    return undefined;
  }
}

const WRITES: ReadonlySet<string> = new Set(["notices.save", "notices.park", "notices.lookAgain"]);

function isPossible(fault: Fault, site: string): boolean {
  if (fault === "crashBefore" || fault === "crashAfter") return true;
  if (fault === "conflict") return WRITES.has(site);
  return TABLE.test(site);
}
