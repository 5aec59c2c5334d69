import { withoutRemoved } from "../../domain/entries/forget.ts";
import { type GrantBasis, isSame, type Ledger } from "../../domain/entries/ledger.ts";
import { type LedgerStore, LedgerTooLarge } from "../../ports/ledger-store.ts";
import { MessageLost } from "./converge-run.ts";

type Basis = Omit<GrantBasis, "revision">;

/** The store, the grants and the message that a save of the ledger asks for. */
export interface HeldBy {
  readonly store: LedgerStore;
  /** The grants that the pass knows, asked for at each save. */
  readonly basis: () => Basis;
  /** Whether the run still has its message. */
  readonly isHeld: () => Promise<boolean>;
}

/**
 * The ledger that a pass works with. Each save is a fence. It is refused once another run has saved, and the pass
 * ends before its next call. `current` is the knowledge of the pass, saved or not.
 */
export class HeldLedger {
  readonly #store: LedgerStore;
  readonly #basis: () => Basis;
  readonly #isHeld: () => Promise<boolean>;
  #stored: Ledger;
  #current: Ledger;
  #isSaved = false;
  #isTooLarge = false;

  constructor(loaded: Ledger, { store, basis, isHeld }: HeldBy) {
    this.#store = store;
    this.#basis = basis;
    this.#isHeld = isHeld;
    this.#current = loaded;
    this.#stored = loaded;
  }

  get current(): Ledger {
    return this.#current;
  }

  /** Whether this pass has saved, so no run that loaded earlier can save any more. */
  get isSaved(): boolean {
    return this.#isSaved;
  }

  /** Whether a save of this pass was refused for the ledger's size. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** Takes over new knowledge without saving it yet. */
  know(ledger: Ledger): void {
    this.#current = { ...ledger, revision: this.#current.revision };
  }

  /**
   * Saves the ledger as it is known.
   *
   * @throws LedgerConflict when another run saved first
   * @throws LedgerTooLarge when the table takes no ledger of its size; nothing was written
   * @throws MessageLost when another run has the message; nothing was written
   */
  async save(ledger: Ledger = this.#current): Promise<void> {
    if (!(await this.#isHeld())) throw new MessageLost();
    const revision = this.#current.revision + 1;
    this.know({ ...ledger, basis: { ...this.#basis(), revision } });
    this.#current = await this.#store.save(this.#current).catch((error) => this.#orSmaller(error));
    this.#stored = this.#current;
    this.#isSaved = true;
  }

  /** A ledger without room drops the elements that its owner has removed meanwhile. */
  async #orSmaller(error: unknown): Promise<Ledger> {
    if (!(error instanceof LedgerTooLarge)) throw error;
    const smaller = withoutRemoved(this.#current);
    try {
      if (!isSame(smaller, this.#current)) return await this.#store.save(smaller);
    } catch (again) {
      if (!(again instanceof LedgerTooLarge)) throw again;
    }
    this.#isTooLarge = true;
    throw error;
  }

  /** Saves if something has changed since the last save. */
  async saveIfChanged(): Promise<void> {
    if (!isSame(this.#current, this.#stored)) await this.save();
  }

  /** Saves if this pass has not saved yet, because what follows relies on the fence. */
  async fence(): Promise<void> {
    if (!this.#isSaved) await this.save();
  }
}
