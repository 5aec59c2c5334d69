import path from "node:path";
import { dayOf } from "../../shared/domain/evidence/archive/seal.ts";
import { policyHashesOf } from "../../shared/domain/evidence/report/bundle.ts";
import { chainsOfRequest } from "../../shared/domain/evidence/report/bundle-seal.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { bundleFaultText } from "../audit/bundle-fault.ts";
import {
  BUNDLE_FILE,
  type BundleContent,
  type BundleDocument,
  bundleDocument,
  documentText,
  evidenceFiles,
  PAGE_FILE,
} from "../audit/bundle-files.ts";
import { bundlePage } from "../audit/bundle-page.ts";
import { policiesOf, proofsOf, UnusableArchive } from "../audit/bundle-proofs.ts";
import { fetchBundle } from "../audit/fetch-bundle.ts";
import { verifyBundle } from "../audit/verify-bundle.ts";
import { MOST_FAULTS } from "../audit/verify-export.ts";
import { isFree, writeFolder } from "../audit/write-folder.ts";
import { type Context, tell } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText, fileErrorWords } from "../failures/file-error.ts";
import { whichRequest } from "../prompts/which-request.ts";
import { callsText, counted, explainedText, openText } from "../text/bundle-text.ts";

export interface AuditBundleOptions {
  readonly out?: string;
  /** Folder of a synced archive, for the seals and the policies. */
  readonly archive?: string;
}

/**
 * `timelatch audit bundle`: everything on record of one request as a folder, which stands alone and
 * can be verified. It is written whole or not at all.
 *
 * @throws Failure `unverified` where the API's answers do not hold, or contradict the archive
 */
export async function auditBundle(
  context: Context,
  given: string,
  { out, archive }: AuditBundleOptions,
): Promise<void> {
  if (out === undefined) throw usage("--out is missing: the folder to write.");
  if (!(await isFree(out))) throw usage(`${out} is there, and is not an empty folder.`);
  const api = await context.api();
  const id = await whichRequest(context, api, "show", given, {});
  const fetched = await fetchBundle(api, id, context.now());
  const sealed = archive === undefined ? NOTHING : inArchive(archive, id, fetched.events);
  const { document, files } = filesOf({ ...fetched, ...sealed });
  await writeFolder(out, files).catch((error: unknown) => {
    throw cannotWrite(out, error);
  });
  tell(context, document, () => summary(document, fetched.events.length, out));
}

type Archived = Pick<BundleContent, "seals" | "policies">;

const NOTHING: Archived = { seals: [], policies: [] };

function inArchive(archive: string, id: string, events: readonly AuditEvent[]): Archived {
  try {
    const from = dayOf(events[0]?.at ?? "");
    const seals = proofsOf(chainsOfRequest(id), from, [archive]);
    return { seals, policies: policiesOf(policyHashesOf(events), [archive]) };
  } catch (error) {
    if (error instanceof UnusableArchive) throw unusable(error.message);
    if (error instanceof Error && "code" in error) throw unusable(cannotReadText(error, archive));
    throw error;
  }
}

/** All files, after the bundle was verified as anybody would. */
function filesOf(content: BundleContent) {
  const files = new Map(evidenceFiles(content));
  const document = bundleDocument(content, files);
  files.set(BUNDLE_FILE, documentText(document));
  const bytes = new Map([...files].map(([name, text]) => [name, Buffer.from(text)]));
  const { faults } = verifyBundle(bytes, undefined);
  if (faults.length > 0)
    throw new Failure("unverified", "bundle-contradicts", {
      what: `What the API answers does not hold: ${faults.length} faults.`,
      notDone: "Nothing was written.",
      findings: faults.slice(0, MOST_FAULTS).map(bundleFaultText),
      next: [
        "Next: tell whoever runs Timelatch; where the archive differs, only the archive is right.",
      ],
      facts: { faults },
    });
  files.set(PAGE_FILE, bundlePage(content, document));
  return { document, files };
}

const summary = (document: BundleDocument, events: number, out: string): string =>
  `The bundle of request ${document.requestId} is in ${out}: ${counted(events, "event")}, ${callsText(document)}, ${counted(document.findings.length, "finding")}.\n` +
  explainedText(document.explained) +
  openText(document.open) +
  `Read ${path.join(out, PAGE_FILE)}. Next: verify it, also without a network:\n` +
  `  timelatch audit verify ${out}${document.sealed.some(({ day }) => day !== null) ? " --key public.pem" : ""}\n`;

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was written.",
    next: ["Next: see timelatch audit bundle --help."],
  });

const unusable = (what: string) =>
  new Failure("unverified", "archive-unusable", {
    what: `The archive cannot be used. ${what}`,
    notDone: "Nothing was written.",
    next: ["Next: get the archive again, as timelatch docs audit says, or leave --archive out."],
  });

const cannotWrite = (out: string, error: unknown) =>
  new Failure(
    "unwritten",
    "folder-unwritten",
    {
      what: `Cannot write ${out}: ${fileErrorWords(error)}.`,
      notDone: "Nothing was written.",
      next: ["Next: name a folder with --out that you may create, on a disk with room."],
    },
    { cause: error },
  );
