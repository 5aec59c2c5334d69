import type { CallRecord } from "../../ports/access-entries.ts";

/**
 * The calls of one run that no step has put on record yet, by the grant that each served. A run
 * keeps it over all of its passes: a call that was made stays evidence, also where the pass that
 * made it lost a race.
 */
export class CallJournal {
  readonly #calls = new Map<string, readonly CallRecord[]>();

  note(record: CallRecord, served: readonly string[]): void {
    for (const id of served) this.#calls.set(id, [...this.of(id), record]);
  }

  /** The calls that served a grant, oldest first. */
  of(grantId: string): readonly CallRecord[] {
    return this.#calls.get(grantId) ?? [];
  }

  /** Drops what is on record now. */
  recorded(grantIds: Iterable<string>): void {
    for (const id of grantIds) this.#calls.delete(id);
  }
}
