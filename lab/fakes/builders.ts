/** Valid objects to start a test from. Each takes the values that the test is about. */

import type { AccessPolicy, Rule } from "../../shared/domain/policy/policy.ts";
import { digestOf } from "../../shared/domain/requests/digest.ts";
import { lessening } from "../../shared/domain/requests/lesser-terms.ts";
import {
  begin,
  type Occurrence,
  type Step,
  transition,
} from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest, LessenedTerms } from "../../shared/domain/requests/request.ts";
import type { Settings } from "../../shared/domain/settings.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { countedId } from "./counted-ids.ts";

export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";
export const PROD = { name: "prod", arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/prod` };
export const STAGING = { name: "staging", arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/staging` };
export const ALICE = `arn:aws:iam::${ACCOUNT}:role/people/alice`;
export const BOB = `arn:aws:iam::${ACCOUNT}:role/people/bob`;
export const T0 = "2026-11-24T10:00:00.000Z";

const POLICY_FILE = `
version: 1
clusters:
  prod: { arn: "${PROD.arn}" }
  staging: { arn: "${STAGING.arn}" }
people:
  alice:
    email: alice@example.com
    groups: [payments]
    identities: { iam: ["${ALICE}"] }
    principals: ["${ALICE}"]
  bob:
    email: bob@example.com
    groups: [payments-leads]
    identities: { iam: ["${BOB}"] }
    principals: ["${BOB}"]
  carol:
    email: carol@example.com
    groups: [sre, platform]
    identities: { iam: ["arn:aws:iam::${ACCOUNT}:role/people/carol"] }
    principals: ["arn:aws:iam::${ACCOUNT}:role/people/carol"]
roles: { admins: [platform], auditors: [platform] }
rules:
  - name: payments-edit
    who: { groups: [payments] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy, AmazonEKSViewPolicy], namespaces: ["payments-*"] }
    duration: { max: 4h, default: 1h }
    approval: [{ groups: [payments-leads], count: 1 }]
    reason: { minLength: 10 }
    extend: { times: 2, total: 8h, approval: same }
  - name: view-staging
    who: { groups: [payments, payments-leads, sre] }
    clusters: [staging]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 8h, default: 1h }
    approval: none
    extend: { times: 1, total: 12h }
  - name: staging-groups
    who: { groups: [payments, sre] }
    clusters: [staging]
    access: { groups: [eks-admins] }
    duration: { max: 1h }
    approval: [{ groups: [sre, payments-leads], count: 1 }]
    extend: { times: 1, total: 2h, approval: none }
  - name: break-glass
    who: { groups: [sre] }
    clusters: [prod]
    access: { policies: [AmazonEKSClusterAdminPolicy], scope: cluster }
    duration: { max: 30m }
    approval: none
    breakGlass: true
    review: { by: [payments-leads, platform] }
`;

let parsed: AccessPolicy | undefined;

/**
 * Rules for one request of each kind: with an approver, without one, and break-glass. Each caller has a copy of its own;
 * to read the file takes a hundred times as long, and thousands of tests want one.
 */
export function aPolicy(): AccessPolicy {
  parsed ??= parseAccessPolicy(POLICY_FILE);
  return structuredClone(parsed);
}

/** The times of production, with a granularity and margin that are easy to calculate with. */
export function settings(changed: Partial<Settings> = {}): Settings {
  return {
    marginSeconds: 120,
    granularitySeconds: 60,
    minimumDurationSeconds: 300,
    secondsAllowed: false,
    tooLateSeconds: 90,
    readLagSeconds: 45,
    landsWithinSeconds: 300,
    clockDifferenceSeconds: 10,
    fuseDelaySeconds: 300,
    policySkewSeconds: 600,
    driftCheckSeconds: 300,
    retryCeilingSeconds: 60,
    reserveSeconds: 2,
    clusterCheckSeconds: 300,
    sweepPeriodSeconds: 60,
    sweepLimit: 200,
    openGrantsPerPerson: 20,
    reservedGrantsPerPerson: 2,
    endingGrantsPerPerson: 40,
    pendingRequestsPerPerson: 20,
    auditLagSeconds: 60,
    evidenceSettleSeconds: 600,
    evidenceLookupSeconds: 1_200,
    evidenceMissingSeconds: 86_400,
    activityDelaySeconds: 900,
    activityLookBackSeconds: 86_400,
    standingEverySeconds: 21_600,
    standingPauseMillis: 1_000,
    lookPauseSeconds: 20,
    requestsPerWindow: 30,
    requestWindowSeconds: 600,
    ...changed,
  };
}

type Draft = Parameters<typeof begin>[0];

/** Alice asks to edit `payments-api` on prod for an hour, and payments-leads must approve. */
export function aFirstStep(changed: Partial<Omit<Draft, "digest" | "schema">> = {}): Step {
  const draft: Omit<Draft, "digest"> = {
    schema: 1,
    id: countedId(1),
    requester: "alice",
    cluster: PROD,
    principalArn: ALICE,
    access: {
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["payments-api"] },
    },
    durationSeconds: 3_600,
    reason: "INC-4711 stuck rollout",
    rule: "payments-edit",
    breakGlass: false,
    requirements: [{ groups: ["payments-leads"], count: 1 }],
    startsAt: null,
    createdAt: T0,
    lapsesAt: plusSeconds(changed.createdAt ?? T0, 86_400),
    approvals: [],
    approvedAt: null,
    effectiveAt: null,
    revokeAt: null,
    expiresAt: null,
    endedAt: null,
    outcome: null,
    ...changed,
  };
  return begin(
    { ...draft, digest: digestOf(draft) },
    {
      type: "request",
      actor: draft.requester,
      at: draft.createdAt,
      policyHash: POLICY_HASH,
      details: { ...draft, proof: {} },
    },
  );
}

/** Like `aFirstStep`, but only the pending request. */
export const aRequest = (changed: Parameters<typeof aFirstStep>[0] = {}): AccessRequest =>
  aFirstStep(changed).request;

/** The policy hash of steps for which no policy was read. */
const POLICY_HASH = "a".repeat(64);

/** The next step of a request's life. Its event has the details that are given, and no others. */
export const aStep = (
  request: AccessRequest,
  occurrence: Partial<Occurrence> & Pick<Occurrence, "type">,
): Step =>
  transition(request, {
    actor: "timelatch",
    at: request.updatedAt,
    policyHash: POLICY_HASH,
    details: {},
    ...occurrence,
  } as Occurrence);

/** The step that meets the last requirement, with the times that follow from `at`. */
export function anApproval(request: AccessRequest, at = request.updatedAt): Step {
  const expiresAt = plusSeconds(at, request.durationSeconds);
  return aStep(request, {
    type: "approve",
    actor: "bob",
    at,
    changes: {
      approvals: [{ person: "bob", surface: "api", at, proof: {} }],
      expiresAt,
      revokeAt: plusSeconds(expiresAt, -120),
    },
  });
}

/** The step by which bob approves for less; the last one needed, unless it leaves it pending. */
export function anOffer(
  request: AccessRequest,
  less: Partial<LessenedTerms>,
  to: "approved" | "pending" = "approved",
): Step {
  const terms = { access: request.access, durationSeconds: request.durationSeconds, ...less };
  const at = request.updatedAt;
  const digest = digestOf({ ...request, ...terms });
  const approval = { person: "bob", surface: "api", at, proof: {}, digest } as const;
  const expiresAt = plusSeconds(at, terms.durationSeconds);
  const times = to === "pending" ? {} : { expiresAt, revokeAt: plusSeconds(expiresAt, -120) };
  return aStep(request, {
    type: "approve",
    actor: "bob",
    to,
    details: { ...approval, less: lessening(request, terms), ...times },
    changes: { approvals: [...request.approvals, approval], ...times },
  });
}

/** The policy of tests, every rule of which has these values too. */
export function policyWith(over: Partial<Rule>, policy = aPolicy()): AccessPolicy {
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...over })) };
}
