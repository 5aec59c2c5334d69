/** A witness: cosigns the archive's seals where they extend those that it cosigned before. */
import { SEALS } from "../../domain/evidence/archive/archive-keys.ts";
import {
  type Checkpoint,
  type Cosigned,
  cosignedMessage,
  noteOf,
  readNote,
} from "../../domain/evidence/archive/checkpoint.ts";
import {
  extensionOf,
  type SoundSeals,
  soundSeals,
} from "../../domain/evidence/archive/extension.ts";
import { readSeal } from "../../domain/evidence/archive/read-seal.ts";
import { dayOf } from "../../domain/evidence/archive/seal.ts";
import type { SealKey } from "../../domain/evidence/archive/seal-verify.ts";
import {
  cosignedWith,
  cosigningTime,
  isCosignedBy,
  witnessPem,
} from "../../domain/evidence/archive/witness-key.ts";
import { ArchiveUnreadable } from "../../ports/archive-store.ts";
import type { WitnessPorts } from "../../ports/function-ports.ts";

/** The key of the seals that are witnessed, and the name of the witness. */
export interface Witnessing {
  /** The public key that must have sealed each day. The auditor got it, and not the archive. */
  readonly sealKey: SealKey;
  /** The name of the witness in its cosignatures. */
  readonly name: string;
}

/** The result of a run. */
export type WitnessReport =
  | { readonly state: "cosigned" | "unchanged"; readonly seals: number; readonly until: string }
  /** Nothing was ever sealed there, or cosigned. */
  | { readonly state: "empty" }
  /** Nothing was cosigned, since the archive is not the one before with more days. */
  | { readonly state: "refused"; readonly why: string };

const CHECKPOINTS = "checkpoints/";
const PUBLIC_KEY = "witness.pem";
const DIGITS = 6;

/** Each checkpoint has the next number, and its object is free once: of two runs at a time, only one keeps its own. */
const checkpointKey = (number: number): string =>
  `${CHECKPOINTS}${String(number).padStart(DIGITS, "0")}.txt`;

/** Refuses the archive, or the witness's own memory. */
class Refused extends Error {}

/**
 * Reads every seal, and the last checkpoint that this witness kept. It cosigns nothing but a consistent extension.
 *
 * @throws the stores' own errors: then nothing was cosigned, and nothing is known about the archive
 */
export async function witnessArchive(
  ports: WitnessPorts,
  { sealKey, name }: Witnessing,
): Promise<WitnessReport> {
  try {
    const last = await lastKept(ports);
    const seals = await sealsOf(ports, sealKey);
    if (!last && seals.length === 0) return { state: "empty" };
    const extended = extensionOf(last?.checkpoint, sealKey, seals);
    if (typeof extended === "string") throw new Refused(extended);
    const stands = { seals: extended.size, until: seals.at(-1)?.seal.day ?? "" };
    if (extended.size === last?.checkpoint.size) return { state: "unchanged", ...stands };
    await keep(ports, (last?.number ?? 0) + 1, await cosigned(ports, extended, name));
    return { state: "cosigned", ...stands };
  } catch (error) {
    if (error instanceof Refused) return { state: "refused", why: error.message };
    throw error;
  }
}

/** @throws Refused where it is no checkpoint that this witness cosigned */
async function lastKept({
  kept,
  cosigner,
}: WitnessPorts): Promise<
  { readonly number: number; readonly checkpoint: Checkpoint } | undefined
> {
  const keys = await kept.list(CHECKPOINTS);
  const key = keys.at(-1);
  if (key === undefined) return undefined;
  const number = keys.length;
  const note = key === checkpointKey(number) ? readNote(await textOf(kept, key)) : undefined;
  if (!note || !isCosignedBy(note, await cosigner.key()))
    throw new Refused(
      `${key} in the witness's own bucket is not its last checkpoint. Somebody changed that bucket.`,
    );
  return { number, checkpoint: note.checkpoint };
}

/** @throws Refused where a seal does not hold */
async function sealsOf(
  { archive, clock }: WitnessPorts,
  sealKey: SealKey,
): Promise<SoundSeals["seals"]> {
  const { add, seals } = soundSeals(sealKey, dayOf(clock.now()));
  for (const key of await archive.list(SEALS)) {
    const sealed = readSeal(await textOf(archive, key));
    const fault = sealed ? add(sealed) : `${key} is not a seal.`;
    if (fault !== undefined) throw new Refused(fault);
  }
  return seals;
}

/** The text of an object; empty where archive or a witness cannot have written it. */
async function textOf(store: WitnessPorts["archive"], key: string): Promise<string> {
  let text = "";
  try {
    for await (const line of (await store.read(key)) ?? []) text += `${line}\n`;
    return text;
  } catch (error) {
    if (error instanceof ArchiveUnreadable) return "";
    throw error;
  }
}

async function cosigned(
  { cosigner, clock }: WitnessPorts,
  checkpoint: Checkpoint,
  witness: string,
): Promise<Cosigned> {
  const [key, time] = [await cosigner.key(), cosigningTime(clock.now())];
  const signature = await cosigner.sign(cosignedMessage(checkpoint, time));
  return cosignedWith(checkpoint, { witness, time, key }, signature);
}

/** The public key comes first: whoever finds a checkpoint finds it too. */
async function keep({ kept, cosigner }: WitnessPorts, number: number, note: Cosigned) {
  if (number === 1) await kept.put(PUBLIC_KEY, linesOf(witnessPem(await cosigner.key())));
  await kept.put(checkpointKey(number), linesOf(noteOf(note)));
}

const linesOf = (text: string): readonly string[] => text.replace(/\n$/, "").split("\n");

/** A day is sealed within hours of its end, so each run finds the seal of the day before yesterday. */
const DAYS_BEHIND = 2;
const DAY_MS = 86_400_000;

/** Whether the archive lacks the seal of a day that it should have by now. @param now ISO 8601 UTC */
export const isBehind = (report: WitnessReport, now: string): boolean =>
  !("until" in report) ||
  report.until < dayOf(new Date(Date.parse(now) - DAYS_BEHIND * DAY_MS).toISOString());
