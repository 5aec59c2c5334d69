/** What the API answers, as its clients read it. Instants are ISO 8601 UTC. */

import { formatDuration } from "../domain/duration.ts";
import type { Access, AccessRequest, AuditEvent, Requirement, State } from "../domain/request.ts";

export interface RequestAnswer {
  readonly id: string;
  readonly state: State;
  readonly version: number;
  /** To be sent with a decision: it says that these are the terms that were read. */
  readonly digest: string;
  readonly requester: string;
  /** The cluster's name in `access.yaml`. */
  readonly cluster: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly access: Access;
  readonly rule: string;
  readonly breakGlass: boolean;
  /** As it would be written in a request: `1h30m`. */
  readonly duration: string;
  readonly durationSeconds: number;
  readonly reason: string;
  readonly requirements: readonly Requirement[];
  readonly approvals: readonly {
    readonly person: string;
    readonly at: string;
    readonly note?: string;
  }[];
  readonly startsAt: string | null;
  readonly createdAt: string;
  readonly lapsesAt: string;
  readonly approvedAt: string | null;
  readonly effectiveAt: string | null;
  /** Access may be taken away from here on; it is gone by `expiresAt`. */
  readonly revokeAt: string | null;
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: { readonly code: string; readonly detail: string } | null;
}

/** `GET /v1/requests`, `GET /v1/grants` */
export interface RequestList {
  readonly requests: readonly RequestAnswer[];
  /** Send it back as `?cursor=` for the next page. */
  readonly cursor?: string;
}

/** `GET /v1/requests/{id}/events`, `GET /v1/audit/events` */
export interface EventList {
  readonly events: readonly AuditEvent[];
  readonly cursor?: string;
}

/** RFC 9457. `type` is `urn:timelatch:problem:<code>`, a heading in docs/problems.md. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  /** Where the input is wrong: RFC 6901 pointers. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly [fact: string]: unknown;
}

/** The request without what is the broker's own business. */
export function requestAnswer(request: AccessRequest): RequestAnswer {
  return {
    id: request.id,
    state: request.state,
    version: request.version,
    digest: request.digest,
    requester: request.requester,
    cluster: request.cluster.name,
    clusterArn: request.cluster.arn,
    principalArn: request.principalArn,
    access: request.access,
    rule: request.rule,
    breakGlass: request.breakGlass,
    duration: formatDuration(request.durationSeconds),
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    requirements: request.requirements,
    approvals: request.approvals.map(({ person, at, note }) => ({
      person,
      at,
      ...(note === undefined ? {} : { note }),
    })),
    startsAt: request.startsAt,
    createdAt: request.createdAt,
    lapsesAt: request.lapsesAt,
    approvedAt: request.approvedAt,
    effectiveAt: request.effectiveAt,
    revokeAt: request.revokeAt,
    expiresAt: request.expiresAt,
    endedAt: request.endedAt,
    outcome: request.outcome,
  };
}
