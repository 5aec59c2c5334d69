import { type CallState, recordState } from "../../domain/evidence/calls/call-state.ts";
import type { EvidenceRecord } from "../../domain/evidence/evidence-record.ts";
import { type FoundRecord, findingChain } from "../../domain/evidence/findings/finding-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import { type AuditEvent, callsIn } from "../../domain/requests/audit-event.ts";
import type { CallRecord } from "../../domain/requests/evidence.ts";
import { type GrantOnRecord, grantOnRecord } from "../../domain/requests/grant-on-record.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import { visibleRequest } from "../requests/change-request.ts";

/** Facts about a request's calls, and about changes around them. */
export interface EvidenceOfRequest {
  /** Null for a call that nothing is to confirm, because it changed nothing. */
  readonly calls: readonly (CallRecord & { readonly state: CallState | null })[];
  readonly records: readonly EvidenceRecord[];
  /** Findings about the entry while the request's access was on it. */
  readonly findings: readonly FoundRecord[];
}

/**
 * The evidence of one request, for auditors: it names other people's calls.
 *
 * @throws BrokerError `request-not-found`, `forbidden`
 */
export async function readEvidence(
  ports: Pick<ApiPorts, "requests" | "delegations" | "policy" | "clock" | "evidence">,
  actor: Actor,
  id: string,
): Promise<EvidenceOfRequest> {
  const request = await visibleRequest(ports, actor, id);
  if (!hasRole(ports.policy, actor.member, "auditors"))
    throw new BrokerError(
      "forbidden",
      "Only auditors may read the evidence of a request. Nothing was read; ask an auditor.",
    );
  const records = await ports.evidence.evidenceOf(request.id);
  const history = await ports.requests.history(request.id);
  const calls = await callsOf(ports, request.id, history);
  const chains = chainsBetween(grantOnRecord(request.id, history) ?? request, ports.clock.now());
  return {
    calls: calls.map((call) => ({ ...call, state: recordState(call, records) })),
    records,
    findings: await ports.evidence.findingsAbout(request.id, chains),
  };
}

/**
 * The calls of the history, and those that it does not have. A request that is final takes no more
 * events, but a call for it may be answered after that.
 */
async function callsOf(
  { evidence }: Pick<ApiPorts, "evidence">,
  id: string,
  history: readonly AuditEvent[],
): Promise<readonly CallRecord[]> {
  const recorded = history.flatMap(callsIn);
  const known = new Set(recorded.map(({ requestId }) => requestId));
  const others = (await evidence.callsFor(id)).filter(
    ({ eksRequestId }) => !known.has(eksRequestId),
  );
  return [
    ...recorded,
    ...others.map(({ operation, eksRequestId, sessionName, at, result }) => ({
      operation,
      requestId: eksRequestId,
      sessionName,
      at,
      result,
    })),
  ];
}

/** One chain a month, from the request's creation to its end. */
function chainsBetween({ cluster, createdAt, endedAt }: GrantOnRecord, now: string) {
  const last = endedAt ?? now;
  const months: string[] = [];
  for (let month = monthOf(createdAt); month <= monthOf(last); month = monthAfter(month))
    months.push(month);
  return months.map((month) => findingChain(cluster.arn, month));
}

const monthOf = (instant: string) => instant.slice(0, "2026-11".length);

function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, "0")}`;
}
