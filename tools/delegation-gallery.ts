/**
 * A delegation before its time, in force, over and ended, as its notices, for the gallery of
 * messages.
 */
import type { Delegation } from "../shared/domain/delegations/delegation.ts";
import { delegationNotices } from "../shared/domain/notices/delegation-notices.ts";
import type { DelegationNotice } from "../shared/domain/notices/notice.ts";
import type { AccessPolicy } from "../shared/domain/policy/policy.ts";

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

/** Each with the name of its file. */
export const galleryDelegations = (
  policy: AccessPolicy,
): readonly (readonly [name: string, notice: DelegationNotice])[] =>
  MOMENTS.flatMap(([when, delegation, now]) =>
    delegationNotices(policy, delegation, now).notices.map(
      (notice) => [`delegation-${when}-${notice.key.replace("@", "-")}`, notice] as const,
    ),
  );
