/**
 * A request that waits, and that becomes break-glass; and one for longer: notices for the gallery
 * of messages.
 */
import type { RequestNotice } from "../shared/domain/notices/notice.ts";
import { noticesFor } from "../shared/domain/notices/notices-for.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";
import { digestOf } from "../shared/domain/requests/digest.ts";
import { escalatedTerms, termsAfterEscalation } from "../shared/domain/requests/escalated-terms.ts";
import type { AccessRequest } from "../shared/domain/requests/request.ts";
import { plusSeconds } from "../shared/domain/values/instant.ts";

type Named = readonly (readonly [name: string, notice: RequestNotice])[];

/** The rule of the sample that lends what payments-admin lends, when nobody can wait. */
const GLASS = "payments-break-glass";

const named = (when: string, policy: AccessPolicy, request: AccessRequest, now: string): Named =>
  noticesFor(policy, request, now)
    .notices.filter(({ send }) => send)
    .map((notice) => [`${when}-${notice.key.replace("@", "-")}`, notice] as const);

/** @param asked a pending request of `payments-admin` */
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

/** @param grant active */
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
