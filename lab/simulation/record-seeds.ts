/**
 * Records the seed of each mutant whose recorded one catches nothing any more. Its test would look for another one
 * in every run, which takes up to two minutes.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { catchingSeed, recordedSeed, type SeededMutant } from "./catching-seed.ts";

/** A mutant, with the seed that was recorded and the one that catches it now. */
export interface Recording {
  readonly name: string;
  readonly before: number;
  /** Undefined where no seed was found, so the file keeps what it has. */
  readonly after: number | undefined;
}

/** @param mutants those that seeds catch. @returns the mutants whose recorded seed caught nothing */
export async function recordSeeds(mutants: readonly SeededMutant[]): Promise<readonly Recording[]> {
  const changed: Recording[] = [];
  for (const mutant of mutants) {
    const before = recordedSeed(mutant);
    const after = await catchingSeed(mutant);
    if (after === before) continue;
    changed.push({ name: mutant.name, before, after });
    if (after !== undefined) write(mutant, before, after);
  }
  return changed;
}

/** Puts the seed into the one file that names the mutant, behind its name. */
function write(mutant: SeededMutant, before: number, after: number): void {
  const folder = path.join(import.meta.dirname, "mutants");
  const name = JSON.stringify(mutant.name);
  const key = "seed" in mutant ? "seed" : "forgedSeed";
  for (const entry of readdirSync(folder)) {
    const file = path.join(folder, entry);
    const text = readFileSync(file, "utf8");
    const at = text.indexOf(`name: ${name}`);
    if (at < 0) continue;
    const rest = text.slice(at).replace(` ${key}: ${before},`, ` ${key}: ${after},`);
    writeFileSync(file, text.slice(0, at) + rest);
  }
}
