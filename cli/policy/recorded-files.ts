/** The requests, delegations and policies of an archive, for judging them again. */
import path from "node:path";
import { type Delegation, delegationOf } from "../../shared/domain/delegations/delegation.ts";
import type { DelegationRecord } from "../../shared/domain/delegations/delegation-record.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { verifyChains } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import { recordedRequest } from "../../shared/policy-tools/replay/recorded-request.ts";
import type { Recorded } from "../../shared/policy-tools/replay/replay-policy.ts";
import { archiveFiles } from "../audit/archive-files.ts";
import { readArchiveLine } from "../audit/archive-line.ts";
import { LONGEST_LINE_BYTES } from "../audit/event-line.ts";
import { linesOf } from "../audit/lines.ts";

export interface RecordedFiles extends Recorded {
  /** Requests with a gap in their history, or an edited event. They are not judged. */
  readonly broken: readonly string[];
  /** Lines that are no records. */
  readonly unreadable: number;
  /** Policy files whose hash is not their name. */
  readonly editedPolicies: readonly string[];
}

/**
 * Reads folders and files of an archive, or exports of events. Memory grows with the events.
 *
 * @throws the file system's error, for what cannot be read
 */
export async function recordedFiles(places: readonly string[]): Promise<RecordedFiles> {
  const { records, policies } = archiveFiles(places);
  const events = new Map<string, Map<number, AuditEvent>>();
  const delegations = new Map<string, Map<number, DelegationRecord>>();
  let unreadable = 0;
  for (const { open } of records)
    for await (const { bytes } of linesOf(open(), LONGEST_LINE_BYTES)) {
      if (bytes?.length === 0) continue;
      const line = bytes ? readArchiveLine(bytes) : "";
      if (typeof line === "string") unreadable += 1;
      else if (line.chain.startsWith("AUDIT#")) keep(events, line.chain, line.record as AuditEvent);
      else if (line.chain.startsWith("DELEG#"))
        keep(delegations, line.chain, line.record as DelegationRecord);
    }
  return {
    ...requestsOf(events),
    ...policiesIn(policies),
    delegations: delegationsOf(delegations),
    unreadable,
  };
}

/** The same record may be in an export and in the archive. */
function keep<Record extends { readonly seq: number }>(
  chains: Map<string, Map<number, Record>>,
  chain: string,
  record: Record,
): void {
  const records = chains.get(chain) ?? new Map<number, Record>();
  chains.set(chain, records.set(record.seq, record));
}

const inOrder = <Record extends { readonly seq: number }>(records: ReadonlyMap<number, Record>) =>
  [...records.values()].sort((a, b) => a.seq - b.seq);

function requestsOf(
  chains: ReadonlyMap<string, ReadonlyMap<number, AuditEvent>>,
): Pick<RecordedFiles, "requests" | "broken"> {
  const requests = new Map<string, NonNullable<ReturnType<typeof recordedRequest>>>();
  const broken: string[] = [];
  for (const records of chains.values()) {
    const events = inOrder(records);
    const id = events[0]?.requestId ?? "";
    const request = verifyChains(events).length === 0 ? recordedRequest(events) : undefined;
    if (request) requests.set(id, request);
    else broken.push(id);
  }
  return { requests, broken: broken.sort() };
}

const delegationsOf = (
  chains: ReadonlyMap<string, ReadonlyMap<number, DelegationRecord>>,
): ReadonlyMap<string, Delegation> =>
  new Map(
    [...chains.values()].flatMap((records) => {
      const all = inOrder(records);
      const found = delegationOf(all[0]?.delegationId ?? "", all);
      return found ? [[found.id, found] as const] : [];
    }),
  );

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
