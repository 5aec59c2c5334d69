/**
 * A world for the pure core to be wrong about. It has the true entry, which others edit too. Calls
 * land now, later or never. Reads and checks of calls see a state as old as the read lag, at most.
 */
import { GROUPS } from "../../../../shared/domain/entries/access.ts";
import type { ActualEntry, Reading } from "../../../../shared/domain/entries/actual-entry.ts";
import type { Outcome } from "../../../../shared/domain/entries/attempt.ts";
import { TAG_TOKEN } from "../../../../shared/domain/entries/ledger.ts";
import { carriedBy, type EntryStep } from "../../../../shared/domain/entries/step.ts";
import { anEntry, at } from "./situations.ts";

type Entry = ActualEntry | undefined;

/** The fate of a call. `late`: it lands after this many seconds, and its answer is lost. */
export type Fate = "answered" | "answer-lost" | "lost" | "not-issued" | { readonly late: number };

interface Flight {
  readonly landsAt: number;
  readonly land: () => void;
}

/** How old the states are that reads and calls see, in seconds. */
export interface Ages {
  readonly describe: number;
  readonly list: number;
  readonly judge: number;
}

export class ReferenceWorld {
  /** Seconds after the start. */
  now = 0;
  /** Every state that the entry was in, the latest last. */
  readonly #states: { readonly from: number; readonly entry: Entry }[] = [
    { from: -1_000, entry: undefined },
  ];
  #flights: Flight[] = [];
  readonly #made = new Map<string, ActualEntry>();
  #entries = 0;

  get entry(): Entry {
    return this.#states.at(-1)?.entry;
  }

  /** Lets time pass and lets open calls land. @param check runs after each landing */
  pass(seconds: number, check: () => void): void {
    const end = this.now + seconds;
    const due = this.#flights.filter(({ landsAt }) => landsAt <= end);
    this.#flights = this.#flights.filter(({ landsAt }) => landsAt > end);
    for (const { landsAt, land } of due.toSorted((a, b) => a.landsAt - b.landsAt)) {
      this.now = Math.max(this.now, landsAt);
      land();
      check();
    }
    this.now = end;
  }

  read({ describe, list }: Ages): Reading {
    const described = this.#asOf(describe);
    const listed = this.#asOf(list)?.targets ?? {};
    const begunAt = at(this.now);
    if (!described) return { entry: undefined, begunAt };
    const { [GROUPS]: _, ...policies } = listed;
    const { [GROUPS]: groups } = described.targets;
    const targets = groups ? { ...policies, [GROUPS]: groups } : policies;
    return { entry: { ...described, targets }, begunAt };
  }

  /** Somebody else creates, changes or deletes the entry. */
  edit(change: (entry: Entry) => Entry): void {
    this.#become(change(this.entry));
  }

  /** An entry as someone else would create it. */
  bare(tags: ActualEntry["tags"] = {}): ActualEntry {
    this.#entries += 1;
    return anEntry(
      {},
      { accessEntryArn: `arn:entry/${this.#entries}`, createdAt: at(this.now), tags },
    );
  }

  call(step: EntryStep, { judge }: Ages, fate: Fate): Outcome {
    if (fate === "not-issued") return { kind: "not-applied" };
    if (fate === "lost") return { kind: "unanswered" };
    if (typeof fate === "object") {
      const landsAt = this.now + fate.late;
      this.#flights.push({ landsAt, land: () => void this.#apply(step, judge) });
      return { kind: "unanswered" };
    }
    const outcome = this.#apply(step, judge);
    return fate === "answered" ? outcome : { kind: "unanswered" };
  }

  #apply(step: EntryStep, age: number): Outcome {
    const [seen, there] = [this.#asOf(age), this.entry];
    if (step.kind === "create-entry") return this.#create(step.token, seen);
    if (step.kind === "delete-entry") {
      if (!seen) return { kind: "missing" };
      this.#become(undefined);
      return { kind: "applied" };
    }
    if (step.kind === "disassociate") {
      if (!seen?.targets[step.target]) return { kind: "missing" };
      if (there) this.#become(withTarget(there, step.target, []));
      return { kind: "applied" };
    }
    if (!seen || !there) return { kind: "not-applied" };
    const target = step.kind === "associate" ? step.target : GROUPS;
    this.#become(withTarget(there, target, carriedBy(step)));
    return { kind: "applied" };
  }

  /** EKS answers a token used before with the entry that it created, even if that is gone. */
  #create(token: string, seen: Entry): Outcome {
    const before = this.#made.get(token);
    if (!before && (seen || this.entry)) return { kind: "not-applied" };
    const entry = before ?? this.bare({ [TAG_TOKEN]: token });
    this.#made.set(token, entry);
    if (!before) this.#become(entry);
    const { accessEntryArn, createdAt } = entry;
    return { kind: "applied", created: { accessEntryArn, createdAt } };
  }

  #asOf(age: number): Entry {
    return this.#states.findLast(({ from }) => from <= this.now - age)?.entry;
  }

  #become(entry: Entry): void {
    this.#states.push({ from: this.now, entry });
  }
}

export function withTarget(
  entry: ActualEntry,
  target: string,
  elements: readonly string[],
): ActualEntry {
  const { [target]: _, ...others } = entry.targets;
  return { ...entry, targets: elements.length > 0 ? { ...others, [target]: elements } : others };
}
