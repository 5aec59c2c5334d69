/** Stores a new request of any kind. */
import type { OnCallFact } from "../../domain/facts/on-call.ts";
import type { TicketFact, UnknownTicket } from "../../domain/facts/ticket-fact.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { deadlineOf } from "../../domain/policy/admission.ts";
import { automaticLimitOf } from "../../domain/policy/automatic-limit.ts";
import { capacityFor } from "../../domain/policy/capacity.ts";
import { isMachine, type Rule } from "../../domain/policy/policy.ts";
import { reviewOpenedBy } from "../../domain/policy/review-rights.ts";
import { underExtension } from "../../domain/policy/rule-of-request.ts";
import { shiftEndOf } from "../../domain/policy/shift-end.ts";
import type { Defaulted } from "../../domain/requests/audit-event.ts";
import { digestOf } from "../../domain/requests/digest.ts";
import { filingOf } from "../../domain/requests/filing.ts";
import { begin, type Step, transition } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../../ports/idempotency.ts";
import { lookAtTicketOf } from "../facts/read-tickets.ts";
import { type Call, checkSameBody, keyOf } from "./call-key.ts";
import { countCall } from "./count-call.ts";
import { orWhatToEndFirst } from "./entry-room.ts";
import { wakeConverge } from "./wake-converge.ts";

/** The terms of a request that its rule allows. */
export type AllowedTerms = Pick<
  AccessRequest,
  | "cluster"
  | "principalArn"
  | "access"
  | "durationSeconds"
  | "reason"
  | "startsAt"
  | "extends"
  | "until"
  | "shortened"
  | "via"
  | "ticket"
>;

/** A request that is not stored yet. */
export interface NewRequest {
  /** The request, and the approval if the policy itself approves. */
  readonly steps: readonly Step[];
  /** The rule as it decides on the request. */
  readonly rule: Rule;
  /** Steps of other requests that are stored with it. */
  readonly beside?: readonly Step[];
  /** A request that must be the same as when the new one was judged. */
  readonly unchanged?: Pick<AccessRequest, "id" | "version">;
}

/**
 * Stores the request that `make` makes. A call with the same idempotency key is answered with the first request, as
 * it was answered then.
 *
 * @throws BrokerError `idempotency-mismatch`, `rate-limited`, whatever `make` throws, and what
 *   `RequestStore.create` refuses
 * @throws NonceUsed if the actor's signed message acted before
 */
export async function storeNew(
  ports: FrontPorts,
  actor: Actor,
  call: Call,
  make: () => Promise<NewRequest>,
): Promise<AccessRequest> {
  const key = keyOf(actor, call);
  const earlier = key && (await answered(ports, key));
  if (earlier) return earlier;
  await countCall(ports, actor, "createRequest");
  const { steps, rule, ...others } = await make();
  const stored = steps.at(-1)?.request;
  if (!stored)
    throw new BrokerError(
      "invariant-broken",
      "A request was created without a step. Nothing was stored; report this as a bug.",
    );
  try {
    const options = {
      ...others,
      idempotency: key,
      capacity: capacityFor(stored, ports.settings),
      mostPending: ports.settings.pendingRequestsPerPerson,
      automatic: automaticLimitOf(rule, stored.requester, stored.createdAt),
      nonce: actor.nonce,
    };
    await orWhatToEndFirst(ports, stored, () => ports.requests.create(steps, options));
  } catch (error) {
    if (!(error instanceof IdempotencyTaken) || !key) throw error;
    const winner = await answered(ports, key);
    if (!winner) throw error;
    return winner;
  }
  if (stored.state === "approved") await wakeConverge(ports, stored, "approved");
  else await lookAtTicketOf(ports, stored);
  return stored;
}

async function answered(
  { requests }: FrontPorts,
  key: IdempotencyKey,
): Promise<AccessRequest | undefined> {
  const record = await requests.idempotent(key.keyHash);
  checkSameBody(record, key);
  return record?.answer;
}

/** How a request begins, besides its terms. `onCall`: the fact that it leans on; `askedFirst`: who is asked first. */
interface Beginning extends Pick<AccessRequest, "onCall" | "askedFirst"> {
  /** When it is asked, and when it is void if nobody decides. */
  readonly at: string;
  readonly lapsesAt: string;
  /** Terms that the asker left to the policy. */
  readonly defaults?: readonly Defaulted[];
  /** Its id, and those that it is asked for with. Absent where it is asked for by itself. */
  readonly part?: Part | undefined;
}

/** The place of a request in an ask for several. */
export type Part = Pick<AccessRequest, "id" | "askedWith">;

/**
 * The first steps of a request: its creation, and the approval if the rule needs no person for it.
 */
export function firstSteps(
  { policy, settings, ids }: FrontPorts,
  { member, proof }: Actor,
  rule: Rule,
  terms: AllowedTerms,
  { at, lapsesAt, defaults, part, onCall, askedFirst }: Beginning,
): readonly Step[] {
  const plain = {
    schema: 1,
    id: part?.id ?? ids.newId(),
    requester: member.name,
    ...(isMachine(member) ? { machine: true as const } : {}),
    ...terms,
    ...(part?.askedWith ? { askedWith: part.askedWith } : {}),
    rule: rule.name,
    ...(onCall ? { onCall } : {}),
    ...(askedFirst ? { askedFirst } : {}),
  } as const;
  const first = begin(
    {
      ...plain,
      breakGlass: rule.breakGlass,
      requirements: rule.approval,
      filed: filingOf({ ...plain, requirements: rule.approval }),
      createdAt: at,
      lapsesAt,
      digest: digestOf(plain),
      approvals: [],
      approvedAt: null,
      effectiveAt: null,
      revokeAt: null,
      expiresAt: null,
      endedAt: null,
      outcome: null,
    },
    {
      type: "request",
      actor: member.name,
      at,
      policyHash: policy.hash,
      details: { ...plain, proof, ...(defaults ? { defaults } : {}) },
    },
  );
  // The approvers of the rule may read and revoke its extensions, whoever approved them.
  const { approval } = terms.extends === undefined ? rule : underExtension(rule, terms);
  // A tracker is asked first, and sweep settles the request by what it says.
  if (approval.length > 0 || rule.ticket) return [first];
  return [
    first,
    byPolicy({ policy, settings }, first.request, rule, { at, onCall, ticket: undefined }),
  ];
}

/** The facts that the policy leans on when it approves. */
interface LeaningOn {
  readonly at: string;
  readonly onCall: OnCallFact | undefined;
  readonly ticket: TicketFact | UnknownTicket | undefined;
}

/** If no person has to approve, the policy approves, and the audit trail says so. */
export function byPolicy(
  { policy, settings }: Pick<FrontPorts, "policy" | "settings">,
  request: AccessRequest,
  rule: Rule,
  { at, onCall, ticket }: LeaningOn,
): Step {
  const end = shiftEndOf(rule, onCall);
  const times = deadlineOf({ ...request, approvedAt: at }, settings, end);
  const opened = reviewOpenedBy(rule, request, at);
  return transition(request, {
    type: "approve",
    actor: `policy:${rule.name}`,
    at,
    policyHash: policy.hash,
    details: {
      ...times,
      ...opened.details,
      ...(onCall ? { onCall } : {}),
      ...(ticket ? { ticket } : {}),
    },
    changes: { ...times, ...opened.changes },
  });
}
