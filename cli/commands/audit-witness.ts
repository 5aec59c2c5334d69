import { createPublicKey, type KeyObject } from "node:crypto";
import { existsSync } from "node:fs";
import {
  type Checkpoint,
  isWitnessName,
  noteOf,
} from "../../shared/domain/evidence/archive/checkpoint.ts";
import { extensionOf, soundSeals } from "../../shared/domain/evidence/archive/extension.ts";
import { readSeal, readSealKey } from "../../shared/domain/evidence/archive/read-seal.ts";
import { dayOf, type SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import type { SealKey } from "../../shared/domain/evidence/archive/seal-verify.ts";
import {
  cosign,
  isCosignedBy,
  readPrivateKey,
} from "../../shared/domain/evidence/archive/witness-key.ts";
import { archiveFiles } from "../audit/archive-files.ts";
import { LARGEST_NOTE, textOf } from "../audit/outside-file.ts";
import { cosignedIn, UnusableWitness, witnessedIn } from "../audit/witness-check.ts";
import { writeFile } from "../audit/write-file.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText, fileErrorWords } from "../failures/file-error.ts";
import { counted } from "../text/bundle-text.ts";

export interface AuditWitnessOptions {
  /** File of the public key that made the seals. */
  readonly key: string;
  /** File of the witness's own private key. */
  readonly sign: string;
  readonly name: string;
  /** File of the last checkpoint: it is read where it is there, and written. */
  readonly checkpoint: string;
}

/**
 * `timelatch audit witness DIR`: cosigns how many seals an archive has, and which, if they extend what it
 * cosigned before. It needs nothing but the files.
 *
 * @throws Failure `unverified` where the seals do not hold, or do not extend the last checkpoint
 */
export async function auditWitness(
  context: Context,
  places: readonly string[],
  options: AuditWitnessOptions,
): Promise<void> {
  const { name, checkpoint: file } = options;
  if (!isWitnessName(name))
    throw refused(
      "usage",
      `--name "${name}" is not 1 to 100 visible characters without + and spaces.`,
    );
  const { key, own, days, isFirst } = read(places, options);
  const seals = demandSound(days, key, dayOf(context.now()));
  const before = isFirst ? undefined : lastCosigned(file, own);
  const extended = extensionOf(before, key, seals);
  const checkpoint = typeof extended === "string" ? fail(extended) : extended;
  const cosigned = cosign(checkpoint, name, own, context.now());
  try {
    await writeFile(file, [noteOf(cosigned)]);
  } catch (error) {
    throw refused("unwritten", `Cannot write ${file}: ${fileErrorWords(error)}.`);
  }
  const said = witnessedIn(cosigned, days);
  tell(
    context,
    { ...said, first: isFirst },
    () =>
      `${counted(said.seals, "seal")} up to ${said.until} ${isFirst ? "are cosigned for the first time" : "extend the last checkpoint, and are cosigned"}.\n` +
      `The checkpoint is in ${file}. Give it to whoever verifies, with your public key.\n`,
  );
}

/** @throws Failure where a file cannot be read, or has another form */
function read(places: readonly string[], options: AuditWitnessOptions) {
  try {
    const key = readSealKey(textOf(options.key, LARGEST_NOTE));
    if (!key)
      throw refused("usage", `${options.key} is not a public key on the curve P-256, as PEM.`);
    const own = readPrivateKey(textOf(options.sign, LARGEST_NOTE));
    if (!own) throw refused("usage", `${options.sign} is not a private key of Ed25519, as PEM.`);
    const days = archiveFiles(places).seals.map((file) => {
      const seal = readSeal(textOf(file));
      return seal ?? fail(`${file} is not a seal.`);
    });
    return { key, own, days, isFirst: !existsSync(options.checkpoint) };
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error && "code" in error)) throw error;
    throw refused("usage", cannotReadText(error));
  }
}

/** @returns the seals, which hold @throws Failure */
function demandSound(days: readonly SealedDay[], key: SealKey, today: string) {
  if (days.length === 0) fail("There is no seal among the files.");
  const { add, seals } = soundSeals(key, today);
  for (const day of days) {
    const fault = add(day);
    if (fault !== undefined) fail(fault);
  }
  return seals;
}

/** @throws Failure where it is no checkpoint that this key cosigned */
function lastCosigned(file: string, own: KeyObject): Checkpoint {
  try {
    const before = cosignedIn(file);
    if (!isCosignedBy(before, createPublicKey(own)))
      throw refused("usage", `Another key cosigned ${file}.`);
    return before.checkpoint;
  } catch (error) {
    if (error instanceof UnusableWitness) throw refused("usage", error.message);
    throw error;
  }
}

const fail = (what: string): never => {
  throw refused("unverified", what);
};

const refused = (exit: "usage" | "unverified" | "unwritten", what: string) =>
  new Failure(exit, "not-witnessed", {
    what,
    notDone: "Nothing was changed: the last checkpoint stays.",
    next: [
      exit === "unverified"
        ? "Next: keep this copy of the archive, get it again and compare; if it fails too, tell who runs Timelatch, and whoever you gave a checkpoint."
        : "Next: see timelatch audit witness --help.",
    ],
  });
