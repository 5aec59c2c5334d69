import { readFileSync } from "node:fs";
import { archiveFiles } from "../audit/archive-files.ts";
import { readSeal, readSealKey } from "../audit/seal-file.ts";
import {
  type ArchiveFault,
  type ArchiveVerification,
  verifyArchive,
} from "../audit/verify-archive.ts";
import { MOST_FAULTS } from "../audit/verify-export.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";

const HOW = "Next: docs/audit.md says how to get the archive and the public key.";

/**
 * `timelatch audit verify DIR --key PUBLIC.pem`: checks the seals by the key, and every record by the
 * seals and by its chain. It needs nothing but the files.
 *
 * @throws Failure `unverified` with each fault by name; `usage` for what cannot be read
 */
export async function auditVerifyArchive(
  context: Context,
  places: readonly string[],
  keyFile: string,
): Promise<void> {
  const found = await verified(places, keyFile);
  if (found.faults.length > 0) throw doesNotHold(found);
  tell(context, { ...found }, () => proven(found));
}

async function verified(places: readonly string[], keyFile: string): Promise<ArchiveVerification> {
  try {
    const key = readSealKey(readFileSync(keyFile, "utf8"));
    if (!key) throw refused("usage", `${keyFile} is not a public key on the curve P-256, as PEM.`);
    const files = archiveFiles(places);
    const [first, ...rest] = files.seals.map(sealIn);
    if (!first) throw refused("unverified", "There is no seal among the files.");
    return await verifyArchive([first, ...rest], files.records, key);
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error && "code" in error)) throw error;
    throw refused("unverified", `A file cannot be read: ${error.message}.`);
  }
}

function sealIn(file: string) {
  const seal = readSeal(readFileSync(file, "utf8"));
  if (!seal) throw refused("unverified", `${file} is not a seal.`);
  return seal;
}

const refused = (exit: "usage" | "unverified", happened: string) =>
  new Failure(exit, "archive-unreadable", {
    happened,
    undone: "Nothing was verified.",
    next: [HOW],
  });

const proven = ({ from, until, chains, records, unsealed }: ArchiveVerification) =>
  `Every day from ${from} to ${until} is sealed by the key that you named.\n` +
  `All records hold (${records}, in ${chains} chains): nothing in them was edited, left out, doubled or cut off.\n` +
  (unsealed > 0
    ? `${unsealed} of them are younger than the last seal: their chains hold so far.\n`
    : "") +
  `Compare ${until} with today: if later seals were taken away, nothing here shows it.\n`;

function doesNotHold(found: ArchiveVerification): Failure {
  const { faults, stopped } = found;
  const shown = faults.slice(0, MOST_FAULTS);
  const more = faults.length - shown.length;
  return new Failure("unverified", "archive-verification-failed", {
    happened: `The archive does not hold: ${faults.length}${stopped ? " or more" : ""} faults.`,
    undone: "It was not verified.",
    findings: [...shown.map(faultText), ...(more > 0 ? [`and ${more} more.`] : [])],
    next: ["Next: get the archive again and compare; if it fails too, tell who runs Timelatch."],
    facts: { ...found },
  });
}

const faultText = ({ file, line, chain, fault, detail }: ArchiveFault) =>
  [file && `${file}${line === undefined ? "" : ` line ${line}`}`, chain, fault, detail]
    .filter((part) => part !== undefined)
    .join(": ");
