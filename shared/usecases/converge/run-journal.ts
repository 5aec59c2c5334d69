import type { CallIntent } from "../../domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import type { CallRecord, EntryFinding, Evidence } from "../../domain/requests/evidence.ts";
import { hashOf } from "../../domain/values/canonical-json.ts";

const keyOf = (finding: EntryFinding, grantId: string): string => hashOf({ grantId, ...finding });

/** Says which intent of one run it is: its session and the instants at which it began and ends. */
const keyOfIntent = ({ sessionName, from, until }: CallIntent): string =>
  [sessionName, from, until].join(" ");

/**
 * Calls and findings that one run has not recorded in the audit trail yet, by grant: the calls that served the
 * grant, and changes by others to its target. Kept over all passes of the run, so that a lost race loses no
 * evidence.
 */
export class RunJournal {
  readonly #calls = new Map<string, readonly CallRecord[]>();
  readonly #findings = new Map<string, readonly EntryFinding[]>();
  readonly #known = new Set<string>();
  /** Keys of the findings that no save has borne out yet. */
  readonly #unproven = new Set<string>();
  #answered: readonly RecordedCall[] = [];
  /** Keys of the intents that were stored last. */
  #announced: readonly string[] = [];
  /** Keys of intents of this run whose calls were never made. */
  readonly #unmade = new Set<string>();

  note(record: CallRecord, served: readonly string[]): void {
    for (const id of served) this.#calls.set(id, [...this.of(id), record]);
  }

  /** Keeps an answered call until the end of the run stores it. */
  answered(call: RecordedCall): void {
    this.#answered = [...this.#answered, call];
  }

  /** The calls that EKS answered since the last time, oldest first. */
  takeAnswered(): readonly RecordedCall[] {
    const calls = this.#answered;
    this.#answered = [];
    return calls;
  }

  /** Intents are stored, beside the save that allows their calls. */
  announces(intents: readonly CallIntent[]): void {
    this.#announced = intents.map(keyOfIntent);
  }

  /** The save was refused, so the run makes none of the calls that it announced last. */
  makesNone(): void {
    for (const key of this.#announced) this.#unmade.add(key);
    this.#announced = [];
  }

  /** Whether this run stored an intent and then made none of its calls. */
  isUnmade(intent: CallIntent): boolean {
    return this.#unmade.has(keyOfIntent(intent));
  }

  /** Records a finding once per run, even if a later pass finds it again. */
  found(finding: EntryFinding, grantId: string): void {
    const key = keyOf(finding, grantId);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#unproven.add(key);
    this.#findings.set(grantId, [...(this.#findings.get(grantId) ?? []), finding]);
  }

  get hasUnproven(): boolean {
    return this.#unproven.size > 0;
  }

  /** Keeps the findings so far: a save after their read shows that no other run came between. */
  proven(): void {
    this.#unproven.clear();
  }

  /** Drops findings that no save has borne out. They may be another run's own changes. */
  dropUnproven(): void {
    for (const [grantId, findings] of this.#findings) {
      const isKept = (finding: EntryFinding) => !this.#unproven.has(keyOf(finding, grantId));
      this.#findings.set(grantId, findings.filter(isKept));
    }
    for (const key of this.#unproven) this.#known.delete(key);
    this.#unproven.clear();
  }

  /** The calls that served a grant, oldest first. */
  of(grantId: string): readonly CallRecord[] {
    return this.#calls.get(grantId) ?? [];
  }

  /** Grants with a call that changed something and is not recorded yet. */
  get unrecorded(): readonly string[] {
    return [...this.#calls].flatMap(([id, calls]) =>
      calls.some(({ result }) => result === "ok") ? id : [],
    );
  }

  /** The details of a step's audit event: the calls that served the grant, and changes by others. */
  evidenceFor(grantId: string): Evidence {
    const findings = this.#findings.get(grantId) ?? [];
    return { calls: this.of(grantId), ...(findings.length > 0 ? { findings } : {}) };
  }

  /** Drops calls and findings that have been recorded. */
  recorded(grantIds: Iterable<string>): void {
    for (const id of grantIds) {
      this.#calls.delete(id);
      this.#findings.delete(id);
    }
  }
}
