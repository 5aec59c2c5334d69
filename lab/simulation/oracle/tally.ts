/** How often each thing happened in lives of the simulation. */

import type { Hardship } from "../faults/hardship.ts";

/** By group and name. The groups of calls are named after their operation: `entries.associate`. */
export type Counts = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Groups that are no operations. Each name in them is counted as it occurs: no list has to know it. */
export type Group =
  | "calls"
  | "hardships"
  | "runs"
  | "reads"
  | "messages"
  | "schedules"
  | "intruder"
  | "notices"
  | "evidence"
  | "ends"
  | "status"
  | "departures"
  | "impatient";

/** Counts what happens in one life. */
export class Tally {
  readonly #groups = new Map<string, Map<string, number>>();

  count(group: Group, name: string): void {
    this.#add(group, name);
  }

  /** A fault strikes a call. @param operation port and method: `requests.save` */
  strikes(operation: string, fault: string): void {
    this.#add("calls", fault);
    this.#add(operation, fault);
  }

  /** A rare fault that lasts has an effect. */
  meets(hardship: Hardship): void {
    this.#add("hardships", hardship);
  }

  get counts(): Counts {
    return Object.fromEntries(
      [...this.#groups].map(([group, own]) => [group, Object.fromEntries(own)]),
    );
  }

  #add(group: string, name: string): void {
    const own = this.#groups.get(group) ?? new Map<string, number>();
    this.#groups.set(group, own.set(name, (own.get(name) ?? 0) + 1));
  }
}

export const NO_COUNTS: Counts = {};

/** The counts of several lives together, by group and name in alphabetical order. */
export function addTallies(...all: readonly Counts[]): Counts {
  const sums: Record<string, Record<string, number>> = {};
  for (const group of sorted(all.flatMap(Object.keys))) {
    const own = all.map((counts) => counts[group] ?? {});
    const names = sorted(own.flatMap(Object.keys));
    const sumOf = (name: string) => own.reduce((sum, each) => sum + (each[name] ?? 0), 0);
    sums[group] = Object.fromEntries(names.map((name) => [name, sumOf(name)]));
  }
  return sums;
}

const sorted = (names: readonly string[]) => [...new Set(names)].toSorted();

/** A line for each group, operations last; in each what happened most often first. */
export function countsText(counts: Counts): string {
  const groups = Object.entries(counts).toSorted(
    ([a], [b]) => Number(a.includes(".")) - Number(b.includes(".")),
  );
  const width = Math.max(0, ...groups.map(([group]) => group.length));
  return groups
    .map(([group, own]) => {
      const names = Object.entries(own).toSorted(([, a], [, b]) => b - a);
      return `${group.padEnd(width)}  ${names.map(([name, count]) => `${name} ${count}`).join(", ")}\n`;
    })
    .join("");
}
