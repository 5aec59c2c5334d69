import type { GrantBasis, Ledger } from "../../domain/entries/ledger.ts";
import { bindingSessionName, grantSessionName } from "../../domain/entries/session-name.ts";
import type { TypedDetails } from "../../domain/requests/audit-event.ts";
import {
  ACCESS_MAY_EXIST,
  type Occurrence,
  type Step,
  transition,
} from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { CallSession } from "../../ports/access-entries.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { conflictsOf, STEPS_AT_ONCE } from "../../ports/request-store.ts";

/** The actor where no person acts. */
export const BROKER = "timelatch";

type Change = TypedDetails & Pick<Occurrence, "at" | "to" | "changes">;

/**
 * The number of conflicts in a pass after which it tries no more steps of grants that have not begun. Others can plant any number
 * of records that no step can be stored for, and a run has to end within its time.
 */
const MOST_LOST = 10;

/**
 * The same for grants that have begun. The ledger remembers those that are found to be stuck, so that later passes and
 * runs try others.
 */
const MOST_BEGUN_LOST = 2 * STEPS_AT_ONCE;

/** A step to store for one grant. */
export type GrantChange = readonly [id: string, change: Change];

/**
 * The grants of one binding during one pass, updated as their steps are stored. The API may revoke
 * a grant while converge works on it. If someone else stored a step first, ours is dropped and the
 * pass starts again.
 */
export class BindingGrants {
  readonly binding: string;
  readonly #ports: Pick<ConvergePorts, "requests" | "policy">;
  readonly #grants: Map<string, AccessRequest>;
  readonly #begun: ReadonlySet<string>;
  readonly #lost = new Set<string>();
  /** Grants that have begun, and whose step was dropped without a try. */
  readonly #untried = new Set<string>();
  readonly #postponed = new Map<string, Change>();
  readonly #steps = new Map<string, number>();
  readonly #version: number;
  #stepsStored = 0;

  constructor(
    ports: Pick<ConvergePorts, "requests" | "policy">,
    view: BindingView,
    ledger: Ledger,
  ) {
    this.binding = view.binding;
    this.#version = view.version;
    this.#ports = ports;
    this.#begun = new Set(Object.keys(ledger.begun));
    this.#grants = new Map(
      view.grants.map((grant) => [grant.id, clampDeadlines(grant, ledger.begun[grant.id])]),
    );
  }

  /** Grants whose access may still exist. */
  get open(): readonly AccessRequest[] {
    return [...this.#grants.values()].filter(({ state }) => ACCESS_MAY_EXIST.has(state));
  }

  /** Grants whose end this pass has stored. */
  get closed(): readonly AccessRequest[] {
    return [...this.#grants.values()].filter(({ state }) => !ACCESS_MAY_EXIST.has(state));
  }

  /** How many versions this pass has added to the binding's head. */
  get stepsStored(): number {
    return this.#stepsStored;
  }

  /** The basis of a ledger that is saved now. */
  get basis(): Omit<GrantBasis, "revision"> {
    return { version: this.#version, steps: Object.fromEntries(this.#steps) };
  }

  /** Whether a step was dropped because someone else stored one first. */
  get isConflicted(): boolean {
    return this.#lost.size > 0;
  }

  /** Whether a step of this grant was dropped; of one that has begun, only where it was tried. */
  hasConflicted(id: string): boolean {
    return this.#lost.has(id) && !this.#untried.has(id);
  }

  /**
   * Stores one step for each of several grants, many in one transaction. If some of them conflict, the others are
   * stored without those. Where there are many, those of grants that have begun come first.
   *
   * @returns ids of the grants whose step was dropped because of a conflict
   */
  async stepAll(changes: readonly GrantChange[]): Promise<ReadonlySet<string>> {
    const steps = this.#inOrder(changes).flatMap(([id, change]) => this.#stepOf(id, change));
    for (let at = 0; at < steps.length; at += STEPS_AT_ONCE)
      await this.#storeAll(steps.slice(at, at + STEPS_AT_ONCE));
    return this.#lost;
  }

  /**
   * Stores one step for each of a few grants, all in one transaction or none.
   *
   * @throws BrokerError `version-conflict` where one of them conflicts
   */
  async stepTogether(changes: readonly GrantChange[]): Promise<void> {
    const steps = changes.flatMap(([id, change]) => this.#stepOf(id, change));
    const [only] = steps;
    if (!only) return;
    await (steps.length === 1
      ? this.#ports.requests.save(only)
      : this.#ports.requests.saveAll(steps));
    for (const step of steps) this.#stored(step);
  }

  /** Treats grants as over for the rest of the pass, where their end could not be stored first. */
  postpone(changes: readonly GrantChange[], now: string): void {
    for (const [id, change] of changes) {
      const grant = this.#grants.get(id);
      if (!grant) continue;
      this.#grants.set(id, { ...grant, revokeAt: sooner(grant.revokeAt, now) });
      this.#postponed.set(id, change);
    }
  }

  /** The step of a grant that was postponed until after the removal. */
  postponed(id: string): Change | undefined {
    return this.#postponed.get(id);
  }

  #stepOf(id: string, change: Change): readonly Step[] {
    const grant = this.#grants.get(id);
    if (!grant) return [];
    return [transition(grant, { ...change, actor: BROKER, policyHash: this.#ports.policy.hash })];
  }

  #inOrder(changes: readonly GrantChange[]): readonly GrantChange[] {
    if (changes.length <= MOST_LOST) return changes;
    const isBegun = ([id]: GrantChange) => this.#begun.has(id);
    return [...changes.filter(isBegun), ...changes.filter((change) => !isBegun(change))];
  }

  /** Whether a step is tried. One that is not counts as dropped. */
  #isTried({ request: { id } }: Step): boolean {
    const hasBegun = this.#begun.has(id);
    if (this.#lost.size < (hasBegun ? MOST_BEGUN_LOST : MOST_LOST)) return true;
    if (hasBegun) this.#untried.add(id);
    this.#drop(id);
    return false;
  }

  #drop(id: string): void {
    this.#lost.add(id);
    this.#grants.delete(id);
  }

  async #storeAll(all: readonly Step[]): Promise<void> {
    const steps = all.filter((step) => this.#isTried(step));
    const [only] = steps;
    if (!only) return;
    if (steps.length === 1) return await this.#store(only);
    try {
      await this.#ports.requests.saveAll(steps);
    } catch (error) {
      if (!isConflict(error)) throw error;
      return await this.#storeOthers(steps, new Set(conflictsOf(error)));
    }
    for (const step of steps) this.#stored(step);
  }

  /**
   * Drops the steps that conflict, and stores the others. Where nobody says which ones do, each is stored by itself. That
   * would cost a transaction for each of hundreds of records that others planted.
   */
  async #storeOthers(steps: readonly Step[], conflicts: ReadonlySet<string>): Promise<void> {
    const lost = steps.filter(({ request: { id } }) => conflicts.has(id));
    if (lost.length === 0) {
      for (const step of steps) if (this.#isTried(step)) await this.#store(step);
      return;
    }
    for (const { request } of lost) this.#drop(request.id);
    await this.#storeAll(steps.filter((step) => !lost.includes(step)));
  }

  async #store(step: Step): Promise<void> {
    try {
      await this.#ports.requests.save(step);
      this.#stored(step);
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.#drop(step.request.id);
    }
  }

  #stored(step: Step): void {
    this.#stepsStored += 1;
    this.#steps.set(step.request.id, step.request.version);
    this.#grants.set(step.request.id, step.request);
  }

  /** The session for calls that one grant causes; without a grant, the session of the binding. */
  sessionFor(id: string | undefined): CallSession {
    const grant = id === undefined ? undefined : this.#grants.get(id);
    return grant
      ? { sessionName: grantSessionName(grant.id), sourceIdentity: grant.requester }
      : bindingSession(this.binding);
  }
}

const isConflict = (error: unknown): error is BrokerError =>
  error instanceof BrokerError && error.code === "version-conflict";

const bindingSession = (binding: string): CallSession => ({
  sessionName: bindingSessionName(binding),
  sourceIdentity: BROKER,
});

/**
 * Limits a grant to the end times in the ledger, even if its record says otherwise. Functions that
 * face people can write the requests table. The fuse follows `expiresAt`, so no record moves that at all: an earlier
 * one would put the fuse where it never fires. Everything else follows `revokeAt`, which may be earlier.
 */
function clampDeadlines(
  grant: AccessRequest,
  begun: Ledger["begun"][string] | undefined,
): AccessRequest {
  if (!begun) return grant;
  return {
    ...grant,
    revokeAt: sooner(grant.revokeAt, begun.revokeAt),
    expiresAt: begun.expiresAt,
  };
}

const sooner = (written: string | null, begun: string): string =>
  written !== null && written < begun ? written : begun;
