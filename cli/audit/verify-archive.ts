/** Verifies files of an archive: seals first, then every record. Memory grows only with chains. */
import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import { delegationVerifier } from "../../shared/domain/delegations/delegation-record.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import { sealRecordVerifier } from "../../shared/domain/evidence/archive/seal-records.ts";
import { type SealKey, verifySeals } from "../../shared/domain/evidence/archive/seal-verify.ts";
import { evidenceVerifier, findingVerifier } from "../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import type { FindingRecord } from "../../shared/domain/evidence/findings/finding-record.ts";
import { chainVerifier } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { eventOrder } from "../../shared/domain/requests/event-order.ts";
import type { ReadingRecord } from "../../shared/domain/standing/reading-record.ts";
import { readingVerifier } from "../../shared/domain/standing/reading-record.ts";
import type { StopRecord } from "../../shared/domain/stops/stops.ts";
import { stopVerifier } from "../../shared/domain/stops/stops.ts";
import { readArchiveLine } from "./archive-line.ts";
import { LONGEST_LINE_BYTES } from "./event-line.ts";
import { linesOf } from "./lines.ts";
import { type NamedContent, namedContents } from "./named-contents.ts";
import { MOST_FAULTS } from "./verify-export.ts";

export interface ArchiveFault {
  readonly fault: string;
  readonly detail: string;
  readonly file?: string;
  readonly line?: number;
  readonly chain?: string;
  readonly day?: string;
}

export interface ArchiveVerification {
  readonly seals: number;
  /** The first and the last sealed day. */
  readonly from: string;
  readonly until: string;
  readonly chains: number;
  readonly records: number;
  /** Records that are younger than the last seal. */
  readonly unsealed: number;
  /** The contents that records of readings name, by their hash, with a record of each. */
  readonly named: ReadonlyMap<string, NamedContent>;
  readonly faults: readonly ArchiveFault[];
  /** Whether reading stopped after too many faults. */
  readonly stopped: boolean;
}

/** Some lines of the archive. */
export interface RecordFile {
  readonly name: string;
  /** Its bytes, not compressed. */
  readonly open: () => AsyncIterable<Buffer>;
}

/** The days that may be sealed, and those that must be. */
interface SealDays {
  /** The day up to which there must be seals. */
  readonly mustReach?: string | undefined;
  /** The day on which it is verified. */
  readonly today?: string;
}

/**
 * @param seals in the order of their files' names; at least one
 */
export async function verifyArchive(
  seals: readonly [SealedDay, ...SealedDay[]],
  files: readonly RecordFile[],
  key: SealKey,
  { mustReach, today }: SealDays = {},
): Promise<ArchiveVerification> {
  const found = verifySeals(seals, key, {
    ...(mustReach === undefined ? {} : { until: mustReach }),
    ...(today === undefined ? {} : { today }),
  });
  const from = seals[0].seal.day;
  const until = (seals.at(-1) ?? seals[0]).seal.day;
  const faults: ArchiveFault[] = [...found.faults];
  const sealed = sealRecordVerifier(found.tips, { until });
  const chains = chainVerifiers();
  const contents = namedContents(until);
  let records = 0;
  for (const { name: file, open } of files) {
    if (faults.length >= MOST_FAULTS) break;
    for await (const { number: line, bytes } of linesOf(open(), LONGEST_LINE_BYTES)) {
      if (faults.length >= MOST_FAULTS) break;
      if (bytes?.length === 0) continue;
      const one = bytes ? readArchiveLine(bytes) : "This line is longer than any record.";
      if (typeof one === "string") {
        faults.push({ file, line, fault: "unreadable", detail: one });
        continue;
      }
      records += 1;
      const { chain, record } = one;
      const { seq, hash, at } = record;
      const fault = chains.add(one) ?? sealed.add({ chain, seq, hash, at });
      if (fault) faults.push({ file, line, ...fault });
      contents.add(one);
    }
  }
  const stopped = faults.length >= MOST_FAULTS;
  // Nobody can say what is missing from files that were not read to their end.
  if (!stopped) faults.push(...chains.end(), ...sealed.end());
  const { uncovered: unsealed } = sealed;
  return {
    seals: seals.length,
    from,
    until,
    chains: chains.count(),
    records,
    unsealed,
    named: contents.named,
    faults,
    stopped,
  };
}

/** One verifier for each kind of chain. A fault names the chain with its kind. */
function chainVerifiers() {
  const audit = chainVerifier(eventOrder);
  const evidence = evidenceVerifier();
  const findings = findingVerifier();
  const delegations = delegationVerifier();
  const stops = stopVerifier();
  const readings = readingVerifier();
  const named =
    (kind: string) =>
    (found: {
      readonly fault: string;
      readonly detail: string;
      readonly chain?: string;
      readonly requestId?: string;
    }) => ({
      fault: found.fault,
      detail: found.detail,
      chain: `${kind}#${found.chain ?? found.requestId}`,
    });
  const add: Readonly<Record<string, (record: unknown) => ArchiveFault | undefined>> = {
    AUDIT: (record) => optional(audit.add(record as AuditEvent), named("AUDIT")),
    EVID: (record) => optional(evidence.add(record as EvidenceRecord), named("EVID")),
    FIND: (record) => optional(findings.add(record as FindingRecord), named("FIND")),
    DELEG: (record) => optional(delegations.add(record as DelegationRecord), named("DELEG")),
    STOP: (record) => optional(stops.add(record as StopRecord), named("STOP")),
    STANDING: (record) => optional(readings.add(record as ReadingRecord), named("STANDING")),
  };
  return {
    count: () =>
      audit.requests +
      [evidence, findings, delegations, stops, readings].reduce((sum, one) => sum + one.chains, 0),
    add: ({ chain, record }: ArchivedRecord) => add[chain.slice(0, chain.indexOf("#"))]?.(record),
    end: (): readonly ArchiveFault[] => [
      ...audit.end().map(named("AUDIT")),
      ...evidence.end().map(named("EVID")),
      ...findings.end().map(named("FIND")),
      ...delegations.end().map(named("DELEG")),
      ...stops.end().map(named("STOP")),
      ...readings.end().map(named("STANDING")),
    ],
  };
}

const optional = <Found, Made>(found: Found | undefined, make: (found: Found) => Made) =>
  found === undefined ? undefined : make(found);
