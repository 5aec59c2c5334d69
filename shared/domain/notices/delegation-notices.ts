/**
 * The messages that should exist for one delegation. Pure: the same delegation, policy and instant
 * give the same messages.
 */
import type { Delegation } from "../delegations/delegation.ts";
import { countsUntil } from "../policy/delegated.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { earliest, plusSeconds } from "../values/instant.ts";
import { asMailed } from "./mailed.ts";
import type {
  DelegationFacts,
  DelegationNotice,
  DelegationNoticeKind,
  NoticePlan,
} from "./notice.ts";
import { noticeKey } from "./notice-key.ts";
import { NEWS_SECONDS } from "./notice-times.ts";
import { people } from "./readers.ts";
import { delegationSubject } from "./subject.ts";

/**
 * Picks the message that shows it. Clocks differ. A delegation that begins as it is made is not
 * coming for anybody. An ended one is over, although that may be a second ahead.
 */
function kindOf(
  { from, createdAt, ended }: Delegation,
  until: string,
  now: string,
): DelegationNoticeKind {
  if (ended !== null || until <= now) return "delegation-over";
  return from <= now || from <= createdAt ? "delegation-begun" : "delegation-coming";
}

/**
 * A message to the delegator and one to the delegate. Each is sent once it is made for later, once
 * it begins, and once it is over. Each stays as it was sent.
 *
 * @param now ISO 8601 UTC
 */
export function delegationNotices(
  policy: AccessPolicy,
  delegation: Delegation,
  now: string,
): NoticePlan<DelegationNotice> {
  const until = countsUntil(policy, delegation);
  const over = delegation.ended?.at ?? until;
  const times = delegation.ended ? [] : [delegation.from, until].filter((at) => at > now);
  const changesAt = earliest(times) ?? null;
  const isOldNews = now > plusSeconds(over, NEWS_SECONDS);
  if (isOldNews) return { notices: [], changesAt };
  const facts = factsOf(delegation, until);
  const kind = kindOf(delegation, until, now);
  const readers = people(policy, [delegation.by, delegation.to]);
  const notices = readers.map(
    (audience): DelegationNotice => ({
      subject: delegationSubject(delegation.id),
      key: noticeKey(kind, audience),
      kind,
      audience,
      facts,
      actions: [],
      send: true,
      precedence: "next",
      notBefore: null,
    }),
  );
  return { notices: notices.flatMap(asMailed), changesAt };
}

const factsOf = ({ id, by, to, from, ended }: Delegation, until: string): DelegationFacts => ({
  delegationId: id,
  by,
  to,
  from,
  until,
  ended,
});
