/** Reads the records of a bundle, and says where their hashes or chains do not hold. */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { evidenceVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import type { FindingRecord } from "../../shared/domain/evidence/findings/finding-record.ts";
import {
  type BundlePolicy,
  type BundleRecords,
  policyHashesOf,
} from "../../shared/domain/evidence/report/bundle.ts";
import type { BundleSeal } from "../../shared/domain/evidence/report/bundle-seal.ts";
import { chainVerifier } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { eventOrder } from "../../shared/domain/requests/event-order.ts";
import { hashOf, sha256 } from "../../shared/domain/values/canonical-json.ts";
import { readArchiveLine } from "./archive-line.ts";
import type { BundleBytes, BundleFault } from "./bundle-fault.ts";
import {
  EVENTS_FILE,
  EVIDENCE_FILE,
  FINDINGS_FILE,
  isSealFile,
  policyHashIn,
} from "./bundle-files.ts";
import { LONGEST_LINE_BYTES, readEventLine } from "./event-line.ts";
import { readBundleSeal } from "./seal-file.ts";
import { MOST_FAULTS } from "./verify-export.ts";

/** A record with its place. */
interface Placed<Kind> {
  readonly line: number;
  readonly record: Kind;
}

interface Found<Kind> {
  readonly found: readonly Placed<Kind>[];
  readonly faults: readonly BundleFault[];
}

/** Reads whatever can be read; each line that cannot is a fault. */
export function readRecords(bytes: BundleBytes): {
  readonly records: BundleRecords;
  readonly faults: readonly BundleFault[];
} {
  const events = readLines(bytes, EVENTS_FILE, readEventLine);
  const evidence = readLines(bytes, EVIDENCE_FILE, recordOf<EvidenceRecord>("EVID"));
  const findings = readLines(bytes, FINDINGS_FILE, recordOf<FindingRecord>("FIND"));
  const { seals, faults: sealFaults } = readSeals(bytes);
  const { policies, faults: policyFaults } = readPolicies(bytes, events.found);
  return {
    records: {
      events: events.found.map(({ record }) => record),
      evidence: evidence.found.map(({ record }) => record),
      findings: findings.found.map(({ record }) => record),
      laterCalls: [],
      seals,
      policies,
    },
    faults: [
      ...events.faults,
      ...chainFaults(EVENTS_FILE, events.found, chainVerifier(eventOrder)),
      ...(events.found.length === 0 ? [nothingIn(EVENTS_FILE)] : []),
      ...evidence.faults,
      ...chainFaults(EVIDENCE_FILE, evidence.found, evidenceVerifier()),
      ...otherRequests(events.found, evidence.found),
      ...findings.faults,
      ...hashFaults(findings.found),
      ...sealFaults,
      ...policyFaults,
    ],
  };
}

const nothingIn = (file: string): BundleFault => ({
  file,
  fault: "missing",
  detail: "It holds no event.",
});

function readLines<Kind>(
  bytes: BundleBytes,
  file: string,
  read: (line: Buffer) => Kind | string,
): Found<Kind> {
  const content = bytes.get(file);
  if (content === undefined) return { found: [], faults: [] };
  const found: Placed<Kind>[] = [];
  const faults: BundleFault[] = [];
  let line = 0;
  for (const text of linesIn(content)) {
    if (faults.length >= MOST_FAULTS) return { found, faults: [...faults, notRead(file, line)] };
    line += 1;
    const record = text.length > LONGEST_LINE_BYTES ? TOO_LONG : read(text);
    if (typeof record === "string")
      faults.push({ file, line, fault: "unreadable", detail: record });
    else found.push({ line, record });
  }
  return { found, faults };
}

const TOO_LONG = "This line is longer than any record.";

const notRead = (file: string, line: number): BundleFault => ({
  file,
  fault: "unreadable",
  detail: `Its lines after line ${line} were not read.`,
});

const NEWLINE = 0x0a;

/**
 * The parts between line ends. The rest behind the last one is a part only if there is anything.
 */
function* linesIn(content: Buffer): Generator<Buffer> {
  let from = 0;
  for (let end = content.indexOf(NEWLINE); end >= 0; end = content.indexOf(NEWLINE, from)) {
    yield content.subarray(from, end);
    from = end + 1;
  }
  if (from < content.length) yield content.subarray(from);
}

/** Reads a line of the archive that must be of one kind. */
const recordOf =
  <Kind extends ArchivedRecord["record"]>(kind: string) =>
  (line: Buffer): Kind | string => {
    const one = readArchiveLine(line);
    if (typeof one === "string") return one;
    return one.chain.startsWith(`${kind}#`)
      ? (one.record as Kind)
      : `A record of ${one.chain} does not belong here.`;
  };

interface Verifier<Kind> {
  add(one: Kind): { readonly fault: string; readonly detail: string } | undefined;
  end(): readonly { readonly fault: string; readonly detail: string }[];
}

function chainFaults<Kind>(
  file: string,
  found: readonly Placed<Kind>[],
  verifier: Verifier<Kind>,
): readonly BundleFault[] {
  const faults = found.flatMap(({ line, record }) => {
    const broken = verifier.add(record);
    return broken ? [{ file, line, fault: broken.fault, detail: broken.detail }] : [];
  });
  const gaps = verifier.end().map(({ fault, detail }) => ({ file, fault, detail }));
  return [...faults, ...gaps];
}

/** A bundle is about one request only. */
function otherRequests(
  events: readonly Placed<AuditEvent>[],
  evidence: readonly Placed<EvidenceRecord>[],
): readonly BundleFault[] {
  const id = events[0]?.record.requestId;
  const strange = (file: string, placed: readonly Placed<{ readonly requestId: string }>[]) =>
    placed.flatMap(({ line, record }) =>
      record.requestId === id
        ? []
        : [
            {
              file,
              line,
              fault: "foreign",
              detail: `It is of another request: ${record.requestId}.`,
            },
          ],
    );
  return [...strange(EVENTS_FILE, events), ...strange(EVIDENCE_FILE, evidence)];
}

/**
 * Findings stand in chains with those of others, and a bundle has no such chain. Each holds by
 * itself.
 */
const hashFaults = (found: readonly Placed<FindingRecord>[]): readonly BundleFault[] =>
  found.flatMap(({ line, record: { hash, ...body } }) =>
    hashOf(body) === hash
      ? []
      : [
          {
            file: FINDINGS_FILE,
            line,
            fault: "edited",
            detail: `Finding record ${body.seq} does not match its hash.`,
          },
        ],
  );

function readSeals(bytes: BundleBytes): {
  readonly seals: readonly BundleSeal[];
  readonly faults: readonly BundleFault[];
} {
  const seals: BundleSeal[] = [];
  const faults: BundleFault[] = [];
  for (const [file, content] of [...bytes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!isSealFile(file)) continue;
    const seal = readBundleSeal(content.toString("utf8"));
    if (seal) seals.push(seal);
    else faults.push({ file, fault: "unreadable", detail: "This is not a seal with its proofs." });
  }
  return { seals, faults };
}

/** A policy proves itself by its hash, which an event must name. */
function readPolicies(
  bytes: BundleBytes,
  events: readonly Placed<AuditEvent>[],
): { readonly policies: readonly BundlePolicy[]; readonly faults: readonly BundleFault[] } {
  const named = new Set(policyHashesOf(events.map(({ record }) => record)));
  const policies: BundlePolicy[] = [];
  const faults: BundleFault[] = [];
  for (const [file, content] of [...bytes].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const hash = policyHashIn(file);
    if (hash === undefined) continue;
    const text = content.toString("utf8").replace(/\n$/, "");
    const isWhole = content.equals(Buffer.from(`${text}\n`)) && sha256(text) === hash;
    if (!isWhole) faults.push({ file, fault: "edited", detail: "Its hash is not its name." });
    else if (!named.has(hash)) faults.push({ file, fault: "foreign", detail: NO_EVENT });
    else policies.push({ hash, text });
  }
  return { policies, faults };
}

const NO_EVENT = "No event of the request names this policy.";
