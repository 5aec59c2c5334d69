/** Requests and their histories as the broker makes them. */

import { aPolicy } from "../../lab/fakes/builders.ts";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { digestOf } from "../../shared/domain/requests/digest.ts";
import {
  begin,
  type Occurrence,
  type Step,
  transition,
} from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { sha256 } from "../../shared/domain/values/canonical-json.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { requestAnswer } from "../../shared/http/server/request-answer.ts";

/** The policy under which every step is taken, as the archive keeps it. */
export const POLICY_TEXT = '{"people":{},"rules":[]}';

export const ALICE = "arn:aws:iam::111122223333:role/people/alice";
export const CLUSTER_ARN = "arn:aws:eks:us-west-2:111122223333:cluster/prod";

/** A request's id, one for each number. */
export const idOf = (number: number) =>
  `019ab5c0-0000-7000-8000-${String(number).padStart(12, "0")}`;

type Draft = Parameters<typeof begin>[0];

/** Alice asks for an hour in payments-api at ten. */
export function asked(changes: Partial<Draft> = {}): Step {
  const terms = {
    id: idOf(1),
    requester: "alice",
    cluster: { name: "prod", arn: CLUSTER_ARN },
    principalArn: ALICE,
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    durationSeconds: 3_600,
    reason: "INC-4711 stuck rollout",
    rule: "payments-edit",
    startsAt: null,
    ...changes,
  } as const;
  const draft: Draft = {
    schema: 1,
    breakGlass: false,
    requirements: [{ groups: ["payments-leads"], count: 1 }],
    createdAt: "2026-11-24T10:00:00.000Z",
    lapsesAt: "2026-11-25T10:00:00.000Z",
    digest: digestOf(terms),
    approvals: [],
    approvedAt: null,
    effectiveAt: null,
    revokeAt: null,
    expiresAt: null,
    endedAt: null,
    outcome: null,
    ...terms,
  };
  return begin(draft, {
    type: "request",
    actor: draft.requester,
    at: draft.createdAt,
    policyHash: sha256(POLICY_TEXT),
    details: { ...terms, schema: 1, proof: {} },
  });
}

const at = (minute: number) => `2026-11-24T10:${String(minute).padStart(2, "0")}:00.000Z`;

/** Details are those that a text shows. */
const then = (
  { request }: Step,
  type: Occurrence["type"],
  actor: string,
  minute: number,
  more: Pick<Partial<Occurrence>, "to" | "changes"> & { readonly details?: object } = {},
): Step =>
  transition(request, {
    type,
    actor,
    at: at(minute),
    policyHash: sha256(POLICY_TEXT),
    details: {},
    ...more,
  } as Occurrence);

export const approved = (step: Step): Step =>
  then(step, "approve", "bob", 1, {
    details: { note: "go ahead" },
    changes: {
      approvals: [
        { person: "bob", surface: "api", at: at(1), note: "go ahead", proof: { requestId: "r1" } },
      ],
      revokeAt: "2026-11-24T10:59:00.000Z",
      expiresAt: "2026-11-24T11:01:00.000Z",
    },
  });

export const activated = (step: Step): Step =>
  then(step, "activate", "timelatch", 2, {
    details: { calls: [{ operation: "CreateAccessEntry", result: "ok" }] },
  });

export const denied = (step: Step): Step =>
  then(step, "deny", "bob", 3, {
    changes: { outcome: { code: "denied", detail: "Denied by bob: Not tonight." } },
  });

export const cancelled = (step: Step): Step => then(step, "cancel", "alice", 4);

/** The life of one request, up to `active`. */
export function aLife(id: string = idOf(1)): {
  readonly request: AccessRequest;
  readonly events: readonly AuditEvent[];
} {
  const first = asked({ id });
  const second = approved(first);
  const third = activated(second);
  return { request: third.request, events: [first.event, second.event, third.event] };
}

/** The API's answer after a step. */
export const answerTo = ({ request }: Step): RequestAnswer => requestAnswer(request, aPolicy());
