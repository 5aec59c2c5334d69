import type { Finding } from "../../domain/entries/actual-entry.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";
import type { CallRecord } from "../../ports/access-entries.ts";

/**
 * What no step has put on record yet, by grant: the calls of one run that served it, and what the
 * run found that others did to its target. A run keeps it over all of its passes: what was done or
 * seen stays evidence, also where the pass lost a race.
 */
export class RunJournal {
  readonly #calls = new Map<string, readonly CallRecord[]>();
  readonly #findings = new Map<string, readonly Finding[]>();
  readonly #known = new Set<string>();

  note(record: CallRecord, served: readonly string[]): void {
    for (const id of served) this.#calls.set(id, [...this.of(id), record]);
  }

  /** Notes a finding once a run, though a later pass finds it again. */
  found(finding: Finding, grantId: string): void {
    const key = hashOf({ grantId, ...finding });
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#findings.set(grantId, [...this.findingsFor(grantId), finding]);
  }

  /** The calls that served a grant, oldest first. */
  of(grantId: string): readonly CallRecord[] {
    return this.#calls.get(grantId) ?? [];
  }

  /** Grants with a call that changed something and is not on record. */
  get unrecorded(): readonly string[] {
    return [...this.#calls].flatMap(([id, calls]) =>
      calls.some(({ result }) => result === "ok") ? id : [],
    );
  }

  findingsFor(grantId: string): readonly Finding[] {
    return this.#findings.get(grantId) ?? [];
  }

  /** Drops what is on record now. */
  recorded(grantIds: Iterable<string>): void {
    for (const id of grantIds) {
      this.#calls.delete(id);
      this.#findings.delete(id);
    }
  }
}
