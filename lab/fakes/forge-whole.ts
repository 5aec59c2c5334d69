/**
 * Forges a grant with all that the rights to write the requests table and to add audit events
 * allow.
 */
import { chained } from "../../shared/domain/requests/audit-chain.ts";
import type { AuditEvent, TypedDetails } from "../../shared/domain/requests/audit-event.ts";
import { lessening } from "../../shared/domain/requests/lesser-terms.ts";
import type { AccessRequest, Approval, State } from "../../shared/domain/requests/request.ts";
import { CHAIN_START } from "../../shared/domain/values/hash-chain.ts";
import { forge } from "./broker-sights.ts";
import type { MemoryBroker } from "./memory-broker.ts";

/** Forges a record that has not begun, with a whole chain of events that bears it out. */
export function forgeWhole(
  broker: MemoryBroker,
  grant: AccessRequest,
  change: object,
): AccessRequest {
  const forged = withHistory({ ...grant, ...change });
  const { events } = broker.tables;
  const others = events.filter(({ requestId }) => requestId !== grant.id);
  events.splice(0, events.length, ...others, ...forged.events);
  forge(broker, forged.request, {});
  return forged.request;
}

/** A request, and the events that its record claims: the question, and each approval. */
export function withHistory(request: AccessRequest): {
  readonly request: AccessRequest;
  readonly events: readonly AuditEvent[];
} {
  const [first] = request.earlierTerms ?? [];
  const asked = { ...request, ...first };
  const approvals: readonly (Approval | undefined)[] =
    request.approvals.length > 0 ? request.approvals : [undefined];
  const facts = [
    { type: "request", actor: request.requester, to: "pending", details: detailsOf(asked) },
    ...approvals.map((approval, at) => ({
      type: "approve",
      actor: approval?.person ?? `policy:${request.rule}`,
      to: at === approvals.length - 1 ? "approved" : "pending",
      details: {
        ...(approval ? { ...approval, digest: approval.digest ?? asked.digest } : {}),
        ...(approval?.digest === request.digest && first
          ? { less: lessening(asked, request) }
          : {}),
        ...(at === approvals.length - 1
          ? { revokeAt: request.revokeAt, expiresAt: request.expiresAt }
          : {}),
      },
    })),
  ];
  const events: AuditEvent[] = [];
  for (const { actor, to, ...typed } of facts)
    events.push(
      chained({
        ...(typed as unknown as TypedDetails),
        schema: 1,
        requestId: request.id,
        seq: events.length + 1,
        actor,
        from: events.at(-1)?.to ?? null,
        to: to as State,
        at: typed.type === "request" ? request.createdAt : (request.approvedAt ?? ""),
        policyHash: request.policyHash,
        previousHash: events.at(-1)?.hash ?? CHAIN_START,
      }),
    );
  const lastHash = events.at(-1)?.hash ?? CHAIN_START;
  return { request: { ...request, version: events.length, lastHash }, events };
}

function detailsOf(asked: AccessRequest): object {
  const { schema, id, requester, cluster, principalArn, access, durationSeconds } = asked;
  const { reason, rule, startsAt, extends: predecessor, until, shortened } = asked;
  return {
    schema,
    id,
    requester,
    cluster,
    principalArn,
    access,
    durationSeconds,
    reason,
    rule,
    startsAt,
    proof: {},
    ...(predecessor === undefined ? {} : { extends: predecessor }),
    ...(until === undefined ? {} : { until }),
    ...(shortened === undefined ? {} : { shortened }),
  };
}
