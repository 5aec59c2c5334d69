/** Knows who is stopped, and what that keeps from whom. It shares no decision with the broker. */
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { StopRecord } from "../../../shared/domain/stops/stops.ts";
import { ADMINS, holdersIn } from "../sim-policy.ts";
import { type Facts, millisOf } from "./facts.ts";
import type { Truth } from "./truth.ts";

/** A stop that nobody has lifted. */
interface Stopping {
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Steps that only people take who are not stopped. */
const DEEDS: ReadonlySet<string> = new Set(["request", "approve", "deny", "escalate"]);
const CODES: ReadonlySet<string> = new Set(["suspended", "drained"]);
/** The key of everyone's stop. */
export const EVERYONE = "*";

export class StopWatch {
  readonly #facts: Facts;
  readonly #stops = new Map<string, Stopping>();
  /** An intruder wrote a record, which the API believes and converge does not. */
  #isForged = false;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The API added a record. */
  appended({ type, actor: by, details }: StopRecord): void {
    const name = details.person ?? EVERYONE;
    const stop = this.#stops.get(name);
    const isAble = ADMINS.includes(by) && !this.#stops.has(by);
    if (type === "suspend" || type === "drain") {
      this.#stops.set(name, { by, since: this.#facts.now });
      this.#facts.stoppedAt.set(name, this.#facts.now);
      return;
    }
    if (!isAble || stop?.by === by) {
      // After a forged lift the API takes somebody for free who is not. Converge does not.
      if (!this.#isForged)
        this.#facts.broken("lifted-by-another", `${by} lifted the stop of ${name}.`);
      return;
    }
    this.#stops.delete(name);
    this.#facts.liftedAt.set(name, this.#facts.now);
  }

  /** An intruder wrote a record that lifts. Nobody may lift like that, so it lifts nothing. */
  wasForged(): void {
    this.#isForged = true;
  }

  /** Whether somebody may ask and be lent something, as far as stops go. */
  isFree(name: string): boolean {
    return this.#stopOf([name]) === undefined;
  }

  /** A dry run says that somebody may ask for nothing. */
  refused(name: string, code: string): void {
    if (CODES.has(code) && this.isFree(name) && !this.#isForged)
      this.#facts.broken("lifted-lives", `A dry run of ${name} is refused: ${code}.`);
  }

  stepStored({ request, event }: Step): void {
    const { current } = this.#facts;
    if (!current || current.late || this.#facts.forged.has(request.id)) return;
    const from = current.invocation.startedAt;
    // The policy refuses whose ticket is not what its rule asks, also while somebody is stopped.
    const isRefusal = event.type === "deny" && event.actor.startsWith("policy:");
    if (DEEDS.has(event.type) && !isRefusal && !this.#isForged) {
      const people = [event.actor, ...(event.type === "request" ? [] : [request.requester])];
      const stop = this.#stopOf(people);
      if (stop && stop.since < from)
        this.#facts.broken(
          "stopped-does-nothing",
          `${event.type} of ${request.id} by ${event.actor} was stored, and ${stop.by} stopped ${people.join(" or ")}.`,
        );
    }
    if (event.type === "withdraw" && CODES.has(request.outcome?.code ?? ""))
      if (!this.wasStopped(request, from))
        this.#facts.broken("lifted-lives", `${request.id} was ended, and nobody is stopped.`);
  }

  /** Access was added for these grants. */
  added(reasons: readonly AccessRequest[], what: string): void {
    const from = this.#facts.current?.invocation.startedAt ?? 0;
    const areStopped = reasons.every((request) => {
      const stop = this.#stopOf(this.#whoGetsNow(request));
      return stop !== undefined && stop.since < from;
    });
    if (areStopped)
      this.#facts.broken("stopped-gets-nothing", `${what} was added for somebody who is stopped.`);
  }

  /** A grant is open. */
  inspect(truth: Truth, request: AccessRequest): void {
    const { profile } = this.#facts.options;
    const { bounds, now } = this.#facts;
    if (request.state !== "approved" && request.state !== "active") return;
    if (!profile.sweep && truth.everDisturbed) return;
    const stop = this.#stopOf(this.#whoGetsNow(request));
    if (!stop) return;
    const start = request.state === "approved" ? millisOf(request.startsAt ?? "") || 0 : 0;
    const since = Math.max(stop.since, start, this.#facts.savedAt.get(request.id) ?? 0);
    const deadline = this.#facts.isDisturbed(truth, since)
      ? Math.max(since, truth.disturbedUntil) + bounds.drift
      : since + bounds.tight;
    if (now > deadline)
      this.#facts.broken("stopped-ends", `${request.id} is ${request.state} for somebody stopped.`);
  }

  /** A deployment may have taken a principal from somebody. */
  #whoGetsNow(request: AccessRequest): readonly string[] {
    const { requester, principalArn } = request;
    const { people } = this.#facts.options.policy();
    return whoGets(request).filter(
      (name) => name === requester || people[name]?.principals.includes(principalArn) === true,
    );
  }

  #stopOf(names: readonly string[]): Stopping | undefined {
    const stops = [EVERYONE, ...names].flatMap((name) => this.#stops.get(name) ?? []);
    return stops.toSorted((a, b) => a.since - b.since)[0];
  }

  /** Whether somebody who gets the access is stopped, or was at some time since. */
  wasStopped(request: AccessRequest, since: number): boolean {
    const names = [EVERYONE, ...whoGets(request)];
    const { liftedAt } = this.#facts;
    return names.some((name) => this.#stops.has(name) || (liftedAt.get(name) ?? 0) >= since);
  }
}

export const whoGets = ({ requester, principalArn }: AccessRequest): readonly string[] => [
  requester,
  ...holdersIn(principalArn),
];
