/** The requests, delegations and policies of an archive, for judging them again. */
import path from "node:path";
import { type Delegation, delegationOf } from "../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import type { ActivitySummary } from "../../shared/domain/evidence/activity/activity-summary.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import { type ChainedRecord, continues, NO_RECORD } from "../../shared/domain/values/hash-chain.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import { recordedRequest } from "../../shared/policy-tools/replay/recorded-request.ts";
import type { Recorded } from "../../shared/policy-tools/replay/replay-policy.ts";
import { archiveFiles } from "../audit/archive-files.ts";
import { readArchiveLine } from "../audit/archive-line.ts";
import { LONGEST_LINE_BYTES } from "../audit/event-line.ts";
import { linesOf } from "../audit/lines.ts";
import { Failure } from "../failures/failure.ts";
import { cannotReadText } from "../failures/file-error.ts";

export interface RecordedFiles extends Recorded {
  /** Requests with a gap in their history, or an edited event. They are not judged. */
  readonly broken: readonly string[];
  /** How many lines are no records. */
  readonly unreadable: number;
  /** The reason for the first of them, such as an older form; undefined without such a line. */
  readonly firstFault: string | undefined;
  /** Policy files whose hash is not their name. */
  readonly editedPolicies: readonly string[];
  /** By request id, the last summary of what was done. Evidence with a gap does not count. */
  readonly activity: ReadonlyMap<string, ActivitySummary>;
}

/** The kinds of chains, by how their names begin. Summaries of activity are in `EVID`. */
type Kind = "AUDIT" | "DELEG" | "EVID";

/**
 * Reads folders and files of an archive, or exports of events. Memory grows with the records.
 *
 * @param kinds the chains that are kept
 * @throws Failure `usage` for what cannot be read, and where no request is in it
 */
export async function readRecord(
  places: readonly string[],
  kinds: readonly Kind[],
): Promise<RecordedFiles> {
  try {
    const files = await recordedFiles(places, kinds);
    if (files.requests.size + files.broken.length + files.unreadable === 0) throw empty(places);
    return files;
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error;
    throw new Failure("usage", "archive-unreadable", {
      what: cannotReadText(error, places.join(", ")),
      notDone: "Nothing was done.",
      next: ["Next: name the folder of the archive, or an export as ndjson."],
    });
  }
}

const MOST_NAMED = 20;

/** The first of many ids, and how many more there are. */
export const named = (ids: readonly string[]) =>
  `${ids.slice(0, MOST_NAMED).map(visible).join(", ")}${ids.length > MOST_NAMED ? ` and ${ids.length - MOST_NAMED} more` : ""}`;

/** Why an answer is not about the whole record. */
export const recordFaults = ({
  broken,
  unreadable,
  firstFault = "",
  editedPolicies,
}: RecordedFiles): readonly string[] => [
  ...(broken.length > 0 ? [`Not judged, since their history is not whole: ${named(broken)}.`] : []),
  ...(unreadable > 0
    ? [`Lines that are no records: ${unreadable}. The first: ${visible(firstFault)}`]
    : []),
  ...(editedPolicies.length > 0
    ? [`Not the policies of their names: ${named(editedPolicies)}.`]
    : []),
];

/** Follows an answer that is not about the whole record. */
export const recordNotWhole = (
  findings: readonly string[],
  facts: Readonly<Record<string, unknown>>,
) =>
  new Failure("unverified", "record-not-whole", {
    what: "The answer is not about the whole record, or the record contradicts itself.",
    notDone: "Nothing was changed.",
    findings,
    next: ["Next: verify the archive: timelatch audit verify --key public.pem"],
    facts,
  });

const empty = (places: readonly string[]) =>
  new Failure("usage", "archive-empty", {
    what: `There is no request in ${places.map(visible).join(", ")}.`,
    notDone: "Nothing was done.",
    next: ["Next: name the folder of the archive, which has records/ and policies/."],
  });

async function recordedFiles(
  places: readonly string[],
  kinds: readonly Kind[],
): Promise<RecordedFiles> {
  const { records, policies } = archiveFiles(places);
  const kept = new Map<string, Chains<ChainedRecord>>(kinds.map((kind) => [kind, new Map()]));
  let unreadable = 0;
  let firstFault: string | undefined;
  for (const { open } of records)
    for await (const { bytes } of linesOf(open(), LONGEST_LINE_BYTES)) {
      if (bytes?.length === 0) continue;
      const line = bytes ? readArchiveLine(bytes) : "";
      if (typeof line === "string") {
        unreadable += 1;
        firstFault ??= line;
      } else keep(kept.get(line.chain.split("#", 1)[0] ?? ""), line.chain, line.record);
    }
  const chains = <Record extends ChainedRecord>(kind: Kind) =>
    (kept.get(kind) ?? new Map()) as Chains<Record>;
  return {
    ...requestsOf(chains("AUDIT")),
    ...policiesIn(policies),
    delegations: delegationsOf(chains("DELEG")),
    activity: activityIn(chains("EVID")),
    unreadable,
    firstFault,
  };
}

/** Records by the name of their chain, and by `seq`. */
type Chains<Record> = Map<string, Map<number, Record>>;

/** The same record may be in an export and in the archive. */
function keep(
  chains: Chains<ChainedRecord> | undefined,
  chain: string,
  record: ChainedRecord,
): void {
  const records = chains?.get(chain) ?? new Map<number, ChainedRecord>();
  chains?.set(chain, records.set(record.seq, record));
}

const inOrder = <Record extends { readonly seq: number }>(records: ReadonlyMap<number, Record>) =>
  [...records.values()].sort((a, b) => a.seq - b.seq);

/** Whether a chain has each record from its first on, unedited. */
const isWhole = (records: readonly ChainedRecord[]): boolean =>
  records.every((record, at) => continues(record, records[at - 1] ?? NO_RECORD));

function requestsOf(chains: Chains<AuditEvent>): Pick<RecordedFiles, "requests" | "broken"> {
  const requests = new Map<string, NonNullable<ReturnType<typeof recordedRequest>>>();
  const broken: string[] = [];
  for (const records of chains.values()) {
    const events = inOrder(records);
    const id = events[0]?.requestId ?? "";
    const request = isWhole(events) ? recordedRequest(events) : undefined;
    if (request) requests.set(id, request);
    else broken.push(id);
  }
  return { requests, broken: broken.sort() };
}

const delegationsOf = (chains: Chains<DelegationRecord>): ReadonlyMap<string, Delegation> =>
  new Map(
    [...chains.values()].flatMap((records) => {
      const all = inOrder(records);
      const found = delegationOf(all[0]?.delegationId ?? "", all);
      return found ? [[found.id, found] as const] : [];
    }),
  );

function activityIn(chains: Chains<EvidenceRecord>): RecordedFiles["activity"] {
  const found = new Map<string, ActivitySummary>();
  for (const records of chains.values()) {
    const all = inOrder(records);
    const last = isWhole(all) ? all.findLast(({ type }) => type === "activity") : undefined;
    if (last?.type === "activity") found.set(last.requestId, last.details);
  }
  return found;
}

function policiesIn(
  files: ReturnType<typeof archiveFiles>["policies"],
): Pick<RecordedFiles, "policies" | "editedPolicies"> {
  const policies = new Map<string, AccessPolicy>();
  const editedPolicies: string[] = [];
  for (const { name, read } of files) {
    const hash = path.basename(name, ".json");
    const text = read().replace(/\n$/, "");
    // `archive` writes it compiled, as the functions have it.
    if (sha256(text) === hash) policies.set(hash, { ...JSON.parse(text), hash });
    else editedPolicies.push(name);
  }
  return { policies, editedPolicies };
}
