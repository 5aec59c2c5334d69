/**
 * Judges whether a witness may cosign an archive: its seals hold, and they begin with those that the witness cosigned
 * before. Pure.
 */
import { type Checkpoint, checkpointOf, forkFrom } from "./checkpoint.ts";
import type { DaySeal, SealedDay } from "./seal.ts";
import { type SealKey, verifySeals } from "./seal-verify.ts";

/** The seals of an archive so far, in the order of their days. */
export interface SoundSeals {
  /** Adds the next one. @returns why it does not hold, as a sentence; undefined where it does */
  add(sealed: SealedDay): string | undefined;
  readonly seals: readonly { readonly seal: DaySeal }[];
}

/**
 * Verifies seals one by one, so that the chains of two days are in memory at most.
 *
 * @param today the day on which it is verified: no such day can be sealed yet, and no later one
 */
export function soundSeals(key: SealKey, today: string): SoundSeals {
  const seals: { readonly seal: DaySeal }[] = [];
  let before: SealedDay | undefined;
  return {
    seals,
    add(sealed) {
      const { faults } = before
        ? verifySeals([before, sealed], key, { from: before.seal.day, today })
        : verifySeals([sealed], key, { today });
      // The seal covers no disputed record, and says so itself.
      const fault = faults.find(({ fault: kind }) => kind !== "disputed");
      before = sealed;
      seals.push({ seal: sealed.seal });
      return fault && `A seal is at fault. ${fault.detail}`;
    },
  };
}

/**
 * @param before the checkpoint that the witness cosigned last; undefined for the first time
 * @param seals that hold
 * @returns the checkpoint to cosign, or why the archive does not extend the last one
 */
export function extensionOf(
  before: Checkpoint | undefined,
  { fingerprint }: Pick<SealKey, "fingerprint">,
  seals: SoundSeals["seals"],
): Checkpoint | string {
  const fork = before && forkFrom(before, fingerprint, seals);
  return fork === undefined
    ? checkpointOf(fingerprint, seals)
    : `This archive does not extend the last checkpoint. ${fork}`;
}
