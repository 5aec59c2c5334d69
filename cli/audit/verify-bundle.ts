/**
 * Verifies a bundle by itself: each record by its hash and chain, the seals by their proofs and key,
 * and `bundle.json` by making it again from the records.
 */
import { createHash } from "node:crypto";
import type { SealKey } from "../../shared/domain/evidence/archive/seal-verify.ts";
import { type BundleRecords, laterCallsIn } from "../../shared/domain/evidence/report/bundle.ts";
import { canonicalJson, hashOf } from "../../shared/domain/values/canonical-json.ts";
import { contradicted } from "./bundle-agrees.ts";
import type { BundleBytes, BundleFault } from "./bundle-fault.ts";
import {
  BUNDLE_FILE,
  type BundleDocument,
  bundleDocument,
  documentText,
  EVENTS_FILE,
  evidenceFiles,
  PAGE_FILE,
} from "./bundle-files.ts";
import { readRecords } from "./bundle-records.ts";
import { sealFaults } from "./bundle-seals.ts";
import { isInstant, isObject, isText, readObjectLine } from "./event-line.ts";

export interface BundleVerification {
  /** As `bundle.json` has it; undefined where that cannot be read. */
  readonly document: BundleDocument | undefined;
  readonly records: BundleRecords;
  readonly faults: readonly BundleFault[];
}

/** @param key that must have signed the seals; without it their signatures are not looked at */
export function verifyBundle(bytes: BundleBytes, key: SealKey | undefined): BundleVerification {
  const document = readDocument(bytes.get(BUNDLE_FILE));
  const { records, faults } = readRecords(bytes);
  const all = [
    ...(typeof document === "string" ? [faultOf("unreadable", document)] : []),
    ...(typeof document === "string" ? [] : fileFaults(bytes, document)),
    ...faults,
    ...sealFaults(records, key),
  ];
  if (typeof document === "string") return { document: undefined, records, faults: all };
  // Records that cannot be read would only say again that something differs.
  const disagreements = faults.length > 0 ? [] : disagreeing(bytes, document, records);
  return { document, records, faults: [...all, ...disagreements] };
}

const faultOf = (fault: string, detail: string): BundleFault => ({
  file: BUNDLE_FILE,
  fault,
  detail,
});

/** @returns the document, or a sentence that says why it cannot be read */
function readDocument(bytes: Buffer | undefined): BundleDocument | string {
  if (bytes === undefined) return `There is no ${BUNDLE_FILE}.`;
  const value = readObjectLine(bytes);
  if (typeof value === "string") return value;
  const { schema, requestId, madeAt, request, files } = value;
  if (schema !== 1) return "This is not a bundle that this timelatch knows: schema is not 1.";
  const isBundle = isText(requestId) && isInstant(madeAt) && isObject(request) && isObject(files);
  return isBundle
    ? (value as unknown as BundleDocument)
    : "This is not a bundle: requestId, madeAt, request or files is missing or not valid.";
}

/** Files that are not as `bundle.json` lists them. */
function fileFaults(bytes: BundleBytes, { files }: BundleDocument): readonly BundleFault[] {
  const named = new Map(Object.entries<unknown>(files));
  const faults: BundleFault[] = [];
  for (const [file, fact] of named) {
    const content = bytes.get(file);
    if (content === undefined)
      faults.push({ file, fault: "missing", detail: `${BUNDLE_FILE} names it; it is not there.` });
    else if (!isObject(fact) || fact["sha256"] !== sha256Of(content))
      faults.push({
        file,
        fault: "edited",
        detail: `It is not the file that ${BUNDLE_FILE} names.`,
      });
  }
  for (const file of bytes.keys())
    if (!named.has(file) && file !== BUNDLE_FILE && file !== PAGE_FILE)
      faults.push({ file, fault: "added", detail: `${BUNDLE_FILE} does not name it.` });
  return faults;
}

const sha256Of = (content: Buffer) => createHash("sha256").update(content).digest("hex");

/** Hashes may fit records whose details have another form than any timelatch wrote. */
function disagreeing(
  bytes: BundleBytes,
  document: BundleDocument,
  records: BundleRecords,
): readonly BundleFault[] {
  try {
    return documentFaults(bytes, document, records);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [faultOf("unreadable", "The details of a record have a form that no timelatch wrote.")];
  }
}

/** Members of `bundle.json` that do not follow from the records. */
function documentFaults(
  bytes: BundleBytes,
  document: BundleDocument,
  records: BundleRecords,
): readonly BundleFault[] {
  const { hash, ...body } = document;
  const laterCalls = laterCallsIn(document.calls);
  const made = bundleDocument({ ...document, ...records, laterCalls }, evidenceFiles(records));
  const members = new Set([...Object.keys(made), ...Object.keys(document)]);
  const faults = [...members]
    .filter(
      (name) =>
        name !== "hash" &&
        !isLater(document, name) &&
        memberText(made, name) !== memberText(document, name),
    )
    .map((name) => faultOf("disagrees", `Its ${name} does not follow from the records.`));
  if (hash !== hashOf(body)) faults.push(faultOf("edited", "It does not match its hash."));
  else if (bytes.get(BUNDLE_FILE)?.equals(Buffer.from(documentText(document))) !== true)
    faults.push(faultOf("edited", "It is not written as timelatch writes it."));
  for (const name of contradicted({ ...document.request }, records.events))
    faults.push(faultOf("disagrees", `Its request.${name} contradicts ${EVENTS_FILE}.`));
  return faults;
}

/** A bundle of an earlier release lacks this member. Its records have the same events. */
const isLater = (document: BundleDocument, name: string): boolean =>
  (name === "explained" || name === "completeTo") && !Object.hasOwn(document, name);

const memberText = (of: object, name: string): string =>
  Object.hasOwn(of, name) ? canonicalJson((of as Record<string, unknown>)[name]) : "";
