/** Break-glass, extensions, stops and delegations as notices, for the gallery of messages. */
import type { Delegation } from "../shared/domain/delegations/delegation.ts";
import { delegationNotices } from "../shared/domain/notices/delegation-notices.ts";
import type {
  DelegationNotice,
  RequestNotice,
  StopNotice,
} from "../shared/domain/notices/notice.ts";
import { noticesFor } from "../shared/domain/notices/notices-for.ts";
import { stopNotices } from "../shared/domain/notices/stop-notices.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { digestOf } from "../shared/domain/requests/digest.ts";
import { escalatedTerms, termsAfterEscalation } from "../shared/domain/requests/escalated-terms.ts";
import type { AccessRequest } from "../shared/domain/requests/request.ts";
import { NO_STOPS, type Stops, stopRecord, stopsAfter } from "../shared/domain/stops/stops.ts";
import { plusSeconds } from "../shared/domain/values/instant.ts";

type Named = readonly (readonly [name: string, notice: RequestNotice])[];

/** The rule of the sample that lends what payments-admin lends, when nobody can wait. */
const GLASS = "payments-break-glass";

const named = (when: string, policy: AccessPolicy, request: AccessRequest, now: string): Named =>
  noticesFor(policy, request, now)
    .notices.filter(({ send }) => send)
    .map((notice) => [`${when}-${notice.key.replace("@", "-")}`, notice] as const);

/**
 * A request that waits, and that becomes break-glass.
 *
 * @param asked a pending request of `payments-admin`
 */
export function galleryGlass(policy: AccessPolicy, asked: AccessRequest): Named {
  const rule = policy.rules.find(({ name }) => name === GLASS);
  if (!rule) return [];
  const now = asked.createdAt;
  const terms = escalatedTerms(asked, rule.name, rule.duration.maxSeconds);
  const end = plusSeconds(now, terms.durationSeconds);
  const glass: AccessRequest = {
    ...asked,
    ...termsAfterEscalation(asked, terms),
    state: "active",
    approvedAt: now,
    effectiveAt: now,
    expiresAt: end,
    revokeAt: plusSeconds(end, -120),
    review: { by: rule.review?.by ?? [], dueAt: plusSeconds(now, 172_800), closed: null },
  };
  return [...named("waiting", policy, asked, now), ...named("escalated", policy, glass, now)];
}

/** A request for longer. @param grant active */
export function galleryExtension(policy: AccessPolicy, grant: AccessRequest): Named {
  const until = plusSeconds(grant.expiresAt ?? "", 1_800);
  const plain: AccessRequest = {
    ...grant,
    id: "019ab5c0-0000-7000-8000-000000000003",
    state: "pending",
    extends: grant.id,
    until,
    durationSeconds: 1_800,
    approvals: [],
    approvedAt: null,
    effectiveAt: null,
    expiresAt: null,
    revokeAt: null,
  };
  const extension = { ...plain, digest: digestOf(plain) };
  const extended = { ...grant, extendedBy: extension.id };
  const now = grant.createdAt;
  return [
    ...named("extension", policy, extension, now),
    ...named("extended", policy, extended, now),
  ];
}

const AT = "2026-11-24T10:00:00.000Z";

const STEPS = [
  { type: "suspend", actor: "carol", person: "alice", reason: "her laptop was stolen" },
  { type: "lift", actor: "heidi", person: "alice", reason: "" },
  { type: "drain", actor: "carol", person: null, reason: "INC-4712 a strange finding" },
  { type: "undrain", actor: "heidi", person: null, reason: "" },
] as const;

/** A suspension, a drain and their ends, each with the name of its file. */
export function galleryStops(
  policy: AccessPolicy,
): readonly (readonly [name: string, notice: StopNotice])[] {
  let stops: Stops = NO_STOPS;
  return STEPS.flatMap(({ type, actor, person, reason }) => {
    const details = { person, reason, surface: "api", proof: {} } as const;
    const record = stopRecord(stops, { type, actor, at: AT, policyHash: policy.hash, details });
    stops = stopsAfter(record);
    return stopNotices(policy, record, AT).notices.map(
      (notice) => [`${type}-${notice.key.replace("@", "-")}`, notice] as const,
    );
  });
}

const MADE = "2026-11-24T09:00:00.000Z";
const FROM = "2026-11-24T10:00:00.000Z";
const UNTIL = "2026-12-01T10:00:00.000Z";

/** Bob lets carol decide for him for a week. */
export const GALLERY_DELEGATION: Delegation = {
  id: "019ab5c0-0000-7000-8000-000000000002",
  by: "bob",
  to: "carol",
  from: FROM,
  until: UNTIL,
  createdAt: MADE,
  ended: null,
};
const ENDED: Delegation = { ...GALLERY_DELEGATION, ended: { person: "carol", at: UNTIL } };

const MOMENTS = [
  ["coming", GALLERY_DELEGATION, MADE],
  ["begun", GALLERY_DELEGATION, FROM],
  ["over", GALLERY_DELEGATION, UNTIL],
  ["ended", ENDED, UNTIL],
] as const;

/** A delegation before its time, in force, over and ended, each with the name of its file. */
export const galleryDelegations = (
  policy: AccessPolicy,
): readonly (readonly [name: string, notice: DelegationNotice])[] =>
  MOMENTS.flatMap(([when, delegation, now]) =>
    delegationNotices(policy, delegation, now).notices.map(
      (notice) => [`delegation-${when}-${notice.key.replace("@", "-")}`, notice] as const,
    ),
  );
