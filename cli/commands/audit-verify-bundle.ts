import { readSealKey } from "../../shared/domain/evidence/archive/read-seal.ts";
import { completeTo } from "../../shared/domain/evidence/report/bundle-seal.ts";
import { type BundleFault, bundleFaultText } from "../audit/bundle-fault.ts";
import { type BundleDocument, PAGE_FILE } from "../audit/bundle-files.ts";
import { readBundle } from "../audit/bundle-folder.ts";
import { bundlePage } from "../audit/bundle-page.ts";
import { type Faultless, faultless } from "../audit/faultless.ts";
import { LARGEST_NOTE, textOf } from "../audit/outside-file.ts";
import { verifyBundle } from "../audit/verify-bundle.ts";
import { MOST_FAULTS } from "../audit/verify-export.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText } from "../failures/file-error.ts";
import { absenceText, callsText, counted, explainedText, openText } from "../text/bundle-text.ts";

/**
 * `timelatch audit verify` of a bundle: it reads only its files, and the public key of its seals.
 *
 * @throws Failure `unverified` with each fault by file and line; `usage` for a file that is no key
 */
export function auditVerifyBundle(
  context: Context,
  folder: string,
  keyFile: string | undefined,
): void {
  const found = verified(folder, keyFile);
  const { document, records, faults, page } = found;
  const whole = faultless(found);
  if (!whole || document === undefined) throw doesNotHold(folder, faults);
  const { requestId, calls, explained = [], findings, open } = document;
  const counts = {
    events: records.events.length,
    evidence: records.evidence.length,
    seals: records.seals.length,
  };
  const signatures = keyFile === undefined ? "unchecked" : "hold";
  const said = { requestId, ...counts, calls, explained, findings, open };
  const shown = { completeTo: completeTo(records), findings };
  const absence = keyFile === undefined ? "" : absenceText(shown);
  const facts = {
    ...said,
    signatures,
    ...(absence ? { completeTo: shown.completeTo, absence: absence.trim() } : {}),
    page,
    faults,
  };
  tell(context, facts, () =>
    [
      holdsText(whole, requestId),
      `It has ${callsText(document)}.\n`,
      sealsText(
        records.seals.map(({ seal }) => seal.day),
        keyFile,
      ),
      absence,
      explainedText(explained),
      openText(open),
      PAGE_TEXTS[page],
    ].join(""),
  );
}

const holdsText = ({ records }: Faultless<Found>, requestId: string): string =>
  `The bundle of request ${requestId} holds: ${counted(records.events.length, "event")} and ${counted(records.evidence.length, "record")} of evidence. Every hash fits, and the files agree with each other.\n`;

function sealsText(days: readonly string[], keyFile: string | undefined): string {
  const [first] = days;
  if (first === undefined)
    return "It has no seal: only the archive shows records that were written again, or an end that was cut off.\n";
  const which =
    days.length === 1
      ? `The seal of ${first}`
      : `The ${days.length} seals from ${first} to ${days.at(-1)}`;
  return keyFile === undefined
    ? `${which} cover its records, if the signatures are right. Name the public key by --key to check them.\n`
    : `${which}: signed by the key that you named, and covering its events and its evidence.\n`;
}

type PageState = "as-made" | "other" | "none";

const PAGE_TEXTS: Readonly<Record<PageState, string>> = {
  "as-made": `${PAGE_FILE} is for reading, and no evidence. It is what this timelatch makes of the records.\n`,
  other: `${PAGE_FILE} is NOT what this timelatch makes of the records: another version made it, or it was edited. It is no evidence.\n`,
  none: `There is no ${PAGE_FILE}; it would be no evidence.\n`,
};

type Found = ReturnType<typeof verified>;

function verified(folder: string, keyFile: string | undefined) {
  try {
    const key = keyFile === undefined ? undefined : readSealKey(textOf(keyFile, LARGEST_NOTE));
    if (keyFile !== undefined && key === undefined)
      throw unreadable("usage", `${keyFile} is not a public key on the curve P-256, as PEM.`);
    const bytes = readBundle(folder);
    const found = verifyBundle(bytes, key);
    const { document, records } = found;
    const holds = document !== undefined && found.faults.length === 0;
    return {
      ...found,
      page: holds ? pageState(bytes.get(PAGE_FILE), document, records) : "other",
    } as const;
  } catch (error) {
    if (error instanceof Failure || !(error instanceof Error && "code" in error)) throw error;
    throw unreadable("unverified", cannotReadText(error));
  }
}

function pageState(
  page: Buffer | undefined,
  document: BundleDocument,
  records: ReturnType<typeof verifyBundle>["records"],
): PageState {
  if (page === undefined) return "none";
  const { request, madeAt } = document;
  const made = bundlePage({ request, madeAt, ...records }, document);
  return page.equals(Buffer.from(made)) ? "as-made" : "other";
}

const unreadable = (exit: "usage" | "unverified", what: string) =>
  new Failure(exit, "bundle-unreadable", {
    what,
    notDone: "Nothing was verified.",
    next: [
      "Next: timelatch docs audit says how to get the public key, and what a bundle consists of.",
    ],
  });

function doesNotHold(folder: string, faults: readonly BundleFault[]): Failure {
  const more = faults.length - MOST_FAULTS;
  return new Failure("unverified", "bundle-verification-failed", {
    what: `The bundle in ${folder} does not hold: ${counted(faults.length, "fault")}.`,
    notDone: "It was not verified.",
    findings: [
      ...faults.slice(0, MOST_FAULTS).map(bundleFaultText),
      ...(more > 0 ? [`and ${more} more.`] : []),
    ],
    next: ["Next: make the bundle again and compare; if it fails too, tell who runs Timelatch."],
    facts: { faults },
  });
}
