import { readSeal, readSealKey } from "../../shared/domain/evidence/archive/read-seal.ts";
import { dayOf } from "../../shared/domain/evidence/archive/seal.ts";
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { archiveFiles } from "../audit/archive-files.ts";
import { type Faultless, faultless } from "../audit/faultless.ts";
import type { NamedContent } from "../audit/named-contents.ts";
import { LARGEST_NOTE, textOf } from "../audit/outside-file.ts";
import {
  type ArchiveFault,
  type ArchiveVerification,
  verifyArchive,
} from "../audit/verify-archive.ts";
import { type ContentVerification, verifyContents } from "../audit/verify-contents.ts";
import { MOST_FAULTS } from "../audit/verify-export.ts";
import { type PolicyVerification, verifyPolicies } from "../audit/verify-policies.ts";
import {
  UnusableWitness,
  type Witnessed,
  type WitnessFiles,
  witnessedBy,
} from "../audit/witness-check.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText } from "../failures/file-error.ts";
import { counted } from "../text/bundle-text.ts";
import { parseMoment } from "../text/time-text.ts";

const HOW = "Next: timelatch docs audit says how to get the archive and the public key.";

/** Further demands on an archive. */
interface ArchiveDemands {
  /** The day up to which there must be seals, such as `2026-11-24`. */
  readonly until?: string | undefined;
  readonly witness?: WitnessFiles | undefined;
}

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
  { until, witness }: ArchiveDemands = {},
): Promise<void> {
  const whole = await wholeArchive(context, places, keyFile, { until, witness });
  const daysOld = daysBetween(whole.until, dayOf(context.now()));
  tell(context, { ...whole, daysOld }, () => proven(whole, daysOld, until));
}

/** An archive that was verified, and has no fault. @throws Failure as `auditVerifyArchive` */
export async function wholeArchive(
  context: Pick<Context, "now">,
  places: readonly string[],
  keyFile: string,
  { until, witness }: ArchiveDemands = {},
): Promise<Faultless<Verified>> {
  const today = dayOf(context.now());
  const found = await verified(places, keyFile, { mustReach: until, today, witness });
  const whole = faultless(found);
  if (!whole) throw doesNotHold(found);
  return whole;
}

type Verified = Omit<ArchiveVerification, "named"> &
  PolicyVerification &
  ContentVerification & { readonly witnessed?: Witnessed };

const daysBetween = (from: string, to: string) =>
  Math.round(secondsBetween(`${from}T00:00:00.000Z`, `${to}T00:00:00.000Z`) / 86_400);

async function verified(
  places: readonly string[],
  keyFile: string,
  days: {
    readonly mustReach: string | undefined;
    readonly today: string;
    readonly witness: WitnessFiles | undefined;
  },
): Promise<Verified> {
  const { mustReach: until } = days;
  if (until !== undefined && parseMoment(until) !== `${until}T00:00:00.000Z`)
    throw refused("usage", `--until "${until}" is not a day such as 2026-11-24.`);
  try {
    const key = readSealKey(textOf(keyFile, LARGEST_NOTE));
    if (!key) throw refused("usage", `${keyFile} is not a public key on the curve P-256, as PEM.`);
    const files = archiveFiles(places);
    const [first, ...rest] = files.seals.map(sealIn);
    if (!first) throw refused("unverified", "There is no seal among the files.");
    const policies = verifyPolicies([first, ...rest], files.policies);
    const { named, ...found } = await verifyArchive([first, ...rest], files.records, key, days);
    // Nobody can say what is missing where records were not read to their end.
    const wanted = found.stopped ? new Map<string, NamedContent>() : named;
    const contents = await verifyContents([first, ...rest], files.contents, wanted);
    const faults = [found, policies, contents].flatMap((each) => each.faults);
    const all = { ...found, ...policies, ...contents, faults };
    if (days.witness === undefined) return all;
    const witnessed = witnessedBy(days.witness, key.fingerprint, [first, ...rest]);
    return typeof witnessed === "string"
      ? { ...all, faults: [{ fault: "forked", detail: witnessed }, ...all.faults] }
      : { ...all, witnessed };
  } catch (error) {
    if (error instanceof UnusableWitness) throw refused("usage", error.message);
    if (error instanceof Failure || !(error instanceof Error && "code" in error)) throw error;
    throw refused("unverified", cannotReadText(error));
  }
}

function sealIn(file: string) {
  const seal = readSeal(textOf(file));
  if (!seal) throw refused("unverified", `${file} is not a seal.`);
  return seal;
}

const refused = (exit: "usage" | "unverified", what: string) =>
  new Failure(exit, "archive-unreadable", {
    what,
    notDone: "Nothing was verified.",
    next: [HOW],
  });

const proven = (
  found: Faultless<Verified>,
  daysOld: number,
  wanted: string | undefined,
): string => {
  const { from, until, chains, records, unsealed, policiesWithoutFile, witnessed } = found;
  return (
    `Every day from ${from} to ${until} is sealed by the key that you named.\n` +
    `All records hold (${records}, in ${chains} chains): nothing was edited, left out, doubled or cut off since it was sealed.\n` +
    (unsealed > 0
      ? `${unsealed} of them are younger than the last seal: their hashes fit, as whoever writes them again can make them.\n`
      : "") +
    withoutFileText(policiesWithoutFile) +
    contentsText(found) +
    `The last sealed day is ${until}, ${agoText(daysOld)}.\n` +
    (wanted === undefined
      ? "If later seals were taken away, nothing here shows it: --until fails where a day has no seal.\n"
      : "") +
    witnessedText(witnessed)
  );
};

const witnessedText = (witnessed: Witnessed | undefined): string =>
  witnessed === undefined
    ? ""
    : `${witnessed.witness} cosigned the ${counted(witnessed.seals, "seal")} up to ${witnessed.until ?? "no day"}, at ${witnessed.at}: these are the same.${
        witnessed.later > 0 ? ` Not cosigned: ${counted(witnessed.later, "later seal")}.` : ""
      }\n`;

const withoutFileText = (hashes: readonly string[]) =>
  hashes.length === 0
    ? ""
    : `Not here: ${counted(hashes.length, "policy file")} of those that the seals name (${hashes.join(", ")}). A policy of less than an hour may have none.\n`;

/** A list that a seal says was never there, and one that comes with the next hour. */
const contentsText = ({ contents, contentsNeverThere, contentsToCome }: ContentVerification) =>
  (contents === 0
    ? ""
    : `${counted(contents, "list")} of standing access ${contents === 1 ? "is" : "are"} as readings found ${contents === 1 ? "it" : "them"}.\n`) +
  (contentsNeverThere.length === 0
    ? ""
    : `Never here, as seals say: ${counted(contentsNeverThere.length, "list")} of standing access (${contentsNeverThere.join(", ")}).\n`) +
  (contentsToCome.length === 0
    ? ""
    : `Not here yet: ${counted(contentsToCome.length, "list")} of standing access of the last hours.\n`);

/** Yesterday is sealed at 01:05 UTC at the earliest. */
const agoText = (days: number) =>
  days <= 0 ? "which is not over" : days === 1 ? "yesterday" : `${days} days ago`;

function doesNotHold(found: Verified): Failure {
  const { faults, stopped } = found;
  const shown = faults.slice(0, MOST_FAULTS);
  const more = faults.length - shown.length;
  return new Failure("unverified", "archive-verification-failed", {
    what: `The archive does not hold: ${counted(faults.length, "fault")}${stopped ? " or more" : ""}.`,
    notDone: "It was not verified.",
    findings: [...shown.map(faultText), ...(more > 0 ? [`and ${more} more.`] : [])],
    next: ["Next: get the archive again and compare; if it fails too, tell who runs Timelatch."],
    facts: { ...found },
  });
}

const faultText = ({ file, line, chain, fault, detail }: ArchiveFault) =>
  [file && `${file}${line === undefined ? "" : ` line ${line}`}`, chain, fault, detail]
    .filter((part) => part !== undefined)
    .join(": ");
