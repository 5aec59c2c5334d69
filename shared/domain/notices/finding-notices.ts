/** The messages that should exist for one finding. Pure. */
import {
  type AcknowledgementRecord,
  clusterInChain,
  type FoundRecord,
} from "../evidence/findings/finding-record.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { plusSeconds } from "../values/instant.ts";
import {
  type Audience,
  type FindingFacts,
  type FindingNotice,
  type NoticePlan,
  noticeKey,
} from "./notice.ts";
import { NEWS_SECONDS } from "./notice-times.ts";
import { findingSubject } from "./subject.ts";

/**
 * One message in the alarm channel. An open finding is owed one for as long as it is open.
 *
 * @param acknowledgements the oldest first
 * @param now ISO 8601 UTC
 */
export function findingNotices(
  policy: AccessPolicy,
  finding: FoundRecord,
  acknowledgements: readonly AcknowledgementRecord[],
  now: string,
): NoticePlan<FindingNotice> {
  const last = acknowledgements.at(-1);
  const isOldNews = last !== undefined && now > plusSeconds(last.at, NEWS_SECONDS);
  if (!policy.slack || isOldNews) return { notices: [], changesAt: null };
  const audience: Audience = { kind: "channel", channel: policy.slack.alarms };
  const notice: FindingNotice = {
    subject: findingSubject(finding.details.findingId),
    key: noticeKey("finding", audience),
    kind: "finding",
    audience,
    facts: factsOf(policy, finding, acknowledgements),
    actions: [],
    send: true,
    precedence: "first",
    notBefore: null,
  };
  return { notices: [notice], changesAt: null };
}

function factsOf(
  { clusters }: AccessPolicy,
  { chain, details }: FoundRecord,
  acknowledgements: readonly AcknowledgementRecord[],
): FindingFacts {
  const clusterArn = clusterInChain(chain);
  const [name] = Object.entries(clusters).find(([, { arn }]) => arn === clusterArn) ?? [clusterArn];
  return {
    findingId: details.findingId,
    cluster: name,
    details,
    acknowledgements: acknowledgements.map(({ at, details: { actor, note } }) => ({
      actor,
      note,
      at,
    })),
  };
}
