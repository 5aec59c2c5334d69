/** A bundle as files: which there are, and what each holds. */
import { createHash } from "node:crypto";
import {
  type BundleFacts,
  type BundleRecords,
  bundleFacts,
} from "../../shared/domain/evidence/report/bundle.ts";
import { hashOf } from "../../shared/domain/values/canonical-json.ts";
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";

/** The summary, with the hashes of the other files. */
export const BUNDLE_FILE = "bundle.json";
/** The page for readers. It is made of the others, and proves nothing. */
export const PAGE_FILE = "index.html";
export const EVENTS_FILE = "events.ndjson";
export const EVIDENCE_FILE = "evidence.ndjson";
export const FINDINGS_FILE = "findings.ndjson";

/** The name of a seal. */
export const sealFile = (day: string) => `seals/${day}.json`;

/** Whether a file of this name may hold a seal. */
export const isSealFile = (name: string): boolean => /^seals\/[^/]+\.json$/.test(name);

/** The name of a policy, as in the archive. */
const policyFile = (hash: string) => `policies/${hash}.json`;

/** The hash in the name of a policy's file; undefined for other files. */
export const policyHashIn = (name: string): string | undefined =>
  /^policies\/([0-9a-f]{64})\.json$/.exec(name)?.[1];

/** The parts of a bundle. */
export interface BundleContent extends BundleRecords {
  /** As the API answers it. */
  readonly request: RequestAnswer;
  readonly madeAt: string;
}

interface FileFact {
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
}

/** The content of `bundle.json`. */
export interface BundleDocument extends BundleFacts {
  readonly schema: 1;
  readonly requestId: string;
  readonly madeAt: string;
  readonly request: RequestAnswer;
  /** All other files but the page, by their names. */
  readonly files: Readonly<Record<string, FileFact>>;
  /** SHA-256 in hex over the RFC 8785 form of all other members. */
  readonly hash: string;
}

/** The files of evidence, by their names, without `bundle.json`. */
export function evidenceFiles(records: BundleRecords): ReadonlyMap<string, string> {
  const lines = (texts: readonly string[]) => texts.map((text) => `${text}\n`).join("");
  return new Map([
    [EVENTS_FILE, lines(records.events.map((event) => visibleJson(event)))],
    [
      EVIDENCE_FILE,
      lines(
        records.evidence.map((record) =>
          visibleJson({ chain: `EVID#${record.requestId}`, record }),
        ),
      ),
    ],
    [
      FINDINGS_FILE,
      lines(
        records.findings.map((record) => visibleJson({ chain: `FIND#${record.chain}`, record })),
      ),
    ],
    ...records.seals.map((seal) => [sealFile(seal.seal.day), documentText(seal)] as const),
    ...records.policies.map(({ hash, text }) => [policyFile(hash), `${text}\n`] as const),
  ]);
}

/** How a document of a bundle is written: there is one text for each. */
export const documentText = (document: unknown): string => `${visibleJson(document, 2)}\n`;

/** @param files all files of evidence */
export function bundleDocument(
  content: BundleContent,
  files: ReadonlyMap<string, string | Buffer>,
): BundleDocument {
  const { request, madeAt } = content;
  const body = {
    schema: 1 as const,
    requestId: content.events[0]?.requestId ?? request.id,
    madeAt,
    request,
    ...bundleFacts(content),
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, fileFact(bytes)])),
  };
  return { ...body, hash: hashOf(body) };
}

const fileFact = (content: string | Buffer): FileFact => ({
  bytes: Buffer.byteLength(content),
  sha256: createHash("sha256").update(content).digest("hex"),
});
