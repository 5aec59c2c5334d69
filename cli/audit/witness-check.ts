/** Holds an archive's seals against the checkpoint that a witness cosigned. */
import {
  type Cosigned,
  forkFrom,
  readNote,
} from "../../shared/domain/evidence/archive/checkpoint.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { isCosignedBy, readWitnessKey } from "../../shared/domain/evidence/archive/witness-key.ts";
import { LARGEST_NOTE, textOf } from "./outside-file.ts";

/** The files of a witness. */
export interface WitnessFiles {
  readonly checkpoint: string;
  /** The witness's public key, as PEM. */
  readonly key: string;
}

/** A witness's statement about an archive. */
export interface Witnessed {
  readonly witness: string;
  /** When it was cosigned. ISO 8601 UTC. */
  readonly at: string;
  /** How many seals it covers, from the first on. */
  readonly seals: number;
  /** The last day that it covers; null where it covers none. */
  readonly until: string | null;
  /** How many seals came after those: nobody's cosignature covers them. */
  readonly later: number;
}

/** Why the files of a witness cannot be used. */
export class UnusableWitness extends Error {}

/**
 * @param days in the order of their days, verified
 * @returns what the witness says, or a sentence that says how the archive differs
 * @throws UnusableWitness where a file has another form; the file system's error
 */
export function witnessedBy(
  files: WitnessFiles,
  fingerprint: string,
  days: readonly SealedDay[],
): Witnessed | string {
  const key = readWitnessKey(textOf(files.key, LARGEST_NOTE));
  if (!key) throw new UnusableWitness(`${files.key} is not a public key of Ed25519, as PEM.`);
  const note = cosignedIn(files.checkpoint);
  if (!isCosignedBy(note, key)) return `The key that you named did not cosign ${files.checkpoint}.`;
  const fork = forkFrom(note.checkpoint, fingerprint, days);
  if (fork !== undefined) return `${note.witness} cosigned another archive: ${fork}`;
  return witnessedIn(note, days);
}

/** @throws UnusableWitness */
export function cosignedIn(file: string): Cosigned {
  const note = readNote(textOf(file, LARGEST_NOTE));
  if (!note)
    throw new UnusableWitness(`${file} is not a checkpoint that timelatch audit witness wrote.`);
  return note;
}

export const witnessedIn = (
  { witness, time, checkpoint: { size } }: Cosigned,
  days: readonly Pick<SealedDay, "seal">[],
): Witnessed => ({
  witness,
  at: new Date(time * 1_000).toISOString(),
  seals: size,
  until: days[size - 1]?.seal.day ?? null,
  later: days.length - size,
});
