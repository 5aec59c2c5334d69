import { BrokerError } from "../domain/errors.ts";
import type { Ledger } from "../domain/ledger.ts";
import { ACCESS_MAY_EXIST, type Occurrence, transition } from "../domain/lifecycle.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { CallSession } from "../ports/access-entries.ts";
import type { BindingView } from "../ports/binding-store.ts";
import type { ConvergePorts } from "../ports/ports.ts";

/** Who acts where no person does. */
export const BROKER = "timelatch";

type Change = Omit<Occurrence, "actor" | "policyHash">;

/**
 * The grants of one binding during one pass, kept up to date as their steps are stored. Where
 * somebody else stored a step meanwhile, ours is dropped and the pass is repeated: the front may
 * revoke a grant while converge works on it.
 */
export class GrantBook {
  readonly binding: string;
  readonly #ports: ConvergePorts;
  readonly #grants: Map<string, AccessRequest>;
  #stepsStored = 0;
  #conflicted = false;

  constructor(ports: ConvergePorts, view: BindingView) {
    this.binding = view.binding;
    this.#ports = ports;
    this.#grants = new Map(view.grants.map((grant) => [grant.id, grant]));
  }

  /** Grants through which access may still exist. */
  get open(): readonly AccessRequest[] {
    return [...this.#grants.values()].filter(({ state }) => ACCESS_MAY_EXIST.has(state));
  }

  /** Grants whose end this pass saw. */
  get closed(): readonly AccessRequest[] {
    return [...this.#grants.values()].filter(({ state }) => !ACCESS_MAY_EXIST.has(state));
  }

  /** How far this pass moved the version of the binding's head. */
  get stepsStored(): number {
    return this.#stepsStored;
  }

  /** Whether a step was lost to somebody else's. */
  get conflicted(): boolean {
    return this.#conflicted;
  }

  /** Stores one step of a grant. Answers false where somebody else was quicker. */
  async step(id: string, change: Change): Promise<boolean> {
    const grant = this.#grants.get(id);
    if (!grant) return false;
    const step = transition(grant, {
      ...change,
      actor: BROKER,
      policyHash: this.#ports.policy.hash,
    });
    try {
      await this.#ports.requests.save(step);
    } catch (error) {
      if (!(error instanceof BrokerError && error.code === "version-conflict")) throw error;
      this.#conflicted = true;
      this.#grants.delete(id);
      return false;
    }
    this.#stepsStored += 1;
    this.#grants.set(id, step.request);
    return true;
  }

  /** Holds every grant to the end that the ledger knows, whatever its record says by now. */
  holdTo(deadlines: Ledger["deadlines"]): void {
    for (const [id, held] of Object.entries(deadlines)) {
      const grant = this.#grants.get(id);
      if (!grant) continue;
      // Each by itself: the fuse goes by the one, all else by the other.
      const revokeAt = sooner(grant.revokeAt, held.revokeAt);
      const expiresAt = sooner(grant.expiresAt, held.expiresAt);
      this.#grants.set(id, { ...grant, revokeAt, expiresAt });
    }
  }

  /** Says of every grant whose time is over that it is ending. */
  async expire(now: string): Promise<void> {
    for (const { id, state, revokeAt } of this.open) {
      const over = state !== "ending" && revokeAt !== null && revokeAt <= now;
      if (over)
        await this.step(id, {
          type: "expire",
          at: now,
          changes: { outcome: { code: "expired", detail: "Its time was over." } },
        });
    }
  }

  /** The session for calls that one grant causes; without one, the binding's own. */
  sessionFor(id: string | undefined): CallSession {
    const grant = id === undefined ? undefined : this.#grants.get(id);
    return grant
      ? { sessionName: `timelatch-${grant.id}`, sourceIdentity: grant.requester }
      : bindingSession(this.binding);
  }
}

const sooner = (told: string | null, held: string): string =>
  told !== null && told < held ? told : held;

/** 64 characters are the most that STS takes: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const bindingSession = (binding: string): CallSession => ({
  sessionName: `timelatch-b-${binding.slice(0, 40)}`,
  sourceIdentity: BROKER,
});
