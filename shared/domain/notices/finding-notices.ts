/** The messages that should exist for one finding. Pure. */
import {
  type AcknowledgementRecord,
  clusterInChain,
  type FoundRecord,
} from "../evidence/findings/finding-record.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { plusSeconds } from "../values/instant.ts";
import { asMailed } from "./mailed.ts";
import type { FindingFacts, FindingNotice, NoticePlan } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";
import { NEWS_SECONDS } from "./notice-times.ts";
import { alarmReaders } from "./readers.ts";
import { findingSubject } from "./subject.ts";

/**
 * One message in the alarm channel, and e-mail to those who can acknowledge it. An open finding is owed
 * them for as long as it is open.
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
  if (isOldNews) return { notices: [], changesAt: null };
  const facts = factsOf(policy, finding, acknowledgements);
  const notices = alarmReaders(policy, ["auditors"]).map(
    (audience): FindingNotice => ({
      subject: findingSubject(finding.details.findingId),
      key: noticeKey("finding", audience),
      kind: "finding",
      audience,
      facts,
      actions: [],
      send: true,
      precedence: "first",
      notBefore: null,
    }),
  );
  return { notices: notices.flatMap(asMailed), changesAt: null };
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
