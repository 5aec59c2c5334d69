/** What the API answers, as its clients read it. Instants are ISO 8601 UTC. */

import type { ApproversOf } from "../../domain/policy/approvers.ts";
import type { AllowedAsk, RefusedAsk } from "../../domain/policy/judge-ask.ts";
import { needsOf } from "../../domain/policy/needs.ts";
import type { Permits } from "../../domain/policy/permits.ts";
import type { AccessPolicy, Rule, RuleAccess } from "../../domain/policy/policy.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type {
  Access,
  AccessRequest,
  AuditEvent,
  Requirement,
  State,
} from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import { formatDuration } from "../../domain/values/duration.ts";

export type { ApproversOf as ApproversAnswer } from "../../domain/policy/approvers.ts";
export type { KubernetesRule, Permits as PermitsAnswer } from "../../domain/policy/permits.ts";

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
  /** What the rule asked for, all in all. */
  readonly requirements: readonly Requirement[];
  /** The approvals that are still missing, and who can give them; empty once it is decided. */
  readonly needs: readonly ApproversOf[];
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

/** `GET /v1/requests/{id}/events` */
export interface EventList {
  readonly events: readonly AuditEvent[];
  readonly cursor?: string;
}

/** `GET /v1/audit/events` */
export interface AuditEventList extends EventList {
  /** The list is complete before this instant, once it has no cursor: no later event is older. */
  readonly to: string;
}

/** One rule of `access.yaml` that is for the caller. */
export interface AccessRuleAnswer {
  readonly rule: string;
  /** Names of the clusters that the rule lends on; retired ones are left out. */
  readonly clusters: readonly string[];
  /** What it lends: policies on the whole cluster or in namespaces, or Kubernetes groups. */
  readonly access: RuleAccess;
  readonly duration: {
    /** As it would be written in a request: `4h`. */
    readonly max: string;
    readonly maxSeconds: number;
    /** What a request without a duration gets. */
    readonly default: string;
    readonly defaultSeconds: number;
    readonly minimum: string;
    readonly minimumSeconds: number;
  };
  /** Each must be met, by different people; empty where the policy itself approves. */
  readonly requirements: readonly ApproversOf[];
  readonly reason: {
    readonly minLength: number;
    /** A regular expression that some word of the reason has to match; null for none. */
    readonly ticket: string | null;
  };
  /** Always alerts, always reviewed afterwards; a request gets it last, or by name. */
  readonly breakGlass: boolean;
  /** The caller's principals that it can lend to, on any of its clusters. */
  readonly principals: readonly string[];
}

/** `GET /v1/access`: what the caller may ask for. Rules for other people are not told. */
export interface AccessAnswer {
  readonly person: string;
  readonly principals: readonly string[];
  /** In the order of `access.yaml`. */
  readonly rules: readonly AccessRuleAnswer[];
}

/** A sentence for people under a stable code. */
export interface RemarkAnswer {
  readonly code: string;
  readonly detail: string;
}

/**
 * `POST /v1/requests/preview`: what `POST /v1/requests` with the same body would do. Nothing is
 * stored, nobody is told.
 */
export type PreviewAnswer = PreviewAllowed | PreviewRefused;

export interface PreviewAllowed {
  readonly allowed: true;
  readonly rule: string;
  readonly cluster: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  readonly access: Access;
  readonly duration: string;
  readonly durationSeconds: number;
  readonly startsAt: string | null;
  readonly breakGlass: boolean;
  /** Empty where the policy itself approves: access would begin at once. */
  readonly requirements: readonly ApproversOf[];
  readonly permits: Permits;
  /** What is easily overlooked: `wildcard`, `leaves-things-behind`, `open-streams` … */
  readonly warnings: readonly RemarkAnswer[];
}

export interface PreviewRefused {
  readonly allowed: false;
  /** The code of the problem that the request would be answered with, such as `policy-denied`. */
  readonly problem: string;
  readonly detail: string;
  /** For each rule that is for the caller, everything that stands in the way; the closest first. */
  readonly refusals: readonly {
    readonly rule: string;
    readonly objections: readonly RemarkAnswer[];
  }[];
  /** Where the body itself is wrong: RFC 6901 pointers. */
  readonly errors: readonly Fault[];
}

/** Where an input is wrong, as an RFC 6901 pointer, and what would be right. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** RFC 9457. `type` is `urn:timelatch:problem:<code>`, a heading in docs/problems.md. */
export interface ProblemAnswer {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly Fault[];
  readonly [fact: string]: unknown;
}

/** The request without what is the broker's own business, under today's policy. */
export function requestAnswer(request: AccessRequest, policy: AccessPolicy): RequestAnswer {
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
    needs: needsOf(policy, request),
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

/** A rule as it concerns the person who asked. */
export function accessRuleAnswer(
  { rule, clusters, principals, requirements }: OwnRuleFacts,
  { minimumDurationSeconds }: Pick<Settings, "minimumDurationSeconds">,
): AccessRuleAnswer {
  const { maxSeconds, defaultSeconds } = rule.duration;
  const usual = defaultSeconds ?? maxSeconds;
  return {
    rule: rule.name,
    clusters,
    access: rule.access,
    duration: {
      max: formatDuration(maxSeconds),
      maxSeconds,
      default: formatDuration(usual),
      defaultSeconds: usual,
      minimum: formatDuration(minimumDurationSeconds),
      minimumSeconds: minimumDurationSeconds,
    },
    requirements,
    reason: rule.reason,
    breakGlass: rule.breakGlass,
    principals,
  };
}

/** A rule of the policy, and what of it is somebody's own. */
export interface OwnRuleFacts {
  readonly rule: Rule;
  readonly clusters: readonly string[];
  readonly principals: readonly string[];
  readonly requirements: readonly ApproversOf[];
}

/** What a preview found out, in the API's words. */
export function previewAnswer(ask: Ask, preview: PreviewFacts | RefusedAsk): PreviewAnswer {
  if (!preview.allowed) {
    const { code, detail, facts } = preview;
    const { refusals = [], errors = [] } = facts;
    return { allowed: false, problem: code, detail, refusals, errors };
  }
  const { rule, cluster, principalArn, durationSeconds } = preview;
  const { requirements, permits, warnings } = preview;
  return {
    allowed: true,
    rule: rule.name,
    cluster: cluster.name,
    clusterArn: cluster.arn,
    principalArn,
    access: ask.access,
    duration: formatDuration(durationSeconds),
    durationSeconds,
    startsAt: ask.startsAt,
    breakGlass: rule.breakGlass,
    requirements,
    permits,
    warnings,
  };
}

/** An ask that is allowed, with what is worth knowing before it is made. */
export interface PreviewFacts extends AllowedAsk {
  readonly requirements: readonly ApproversOf[];
  readonly permits: Permits;
  readonly warnings: readonly RemarkAnswer[];
}
