import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import { limitsApprovals } from "../../domain/policy/automatic-limit.ts";
import type { OwnRule } from "../../domain/policy/own-rule.ts";
import { clusterNamed } from "../../domain/policy/policy.ts";
import type { Settings } from "../../domain/settings.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { AccessClusterAnswer, AccessRuleAnswer } from "../contract/access-answer.ts";
import { extendMember } from "../contract/extend-answer.ts";
import { hoursAnswer } from "../contract/hours-answer.ts";
import { reviewAnswer } from "../contract/review-answer.ts";

/** A rule, as seen by the caller. */
export function accessRuleAnswer(
  { rule, clusters, principals, requirements, agents, reviewers }: OwnRule,
  { minimumDurationSeconds }: Pick<Settings, "minimumDurationSeconds">,
  now: string,
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
    hours: hoursAnswer(rule.hours, now),
    atMost: limitsApprovals(rule)
      ? rule.atMost && { ...rule.atMost, per: formatDuration(rule.atMost.perSeconds) }
      : null,
    start: {
      latest: formatDuration(rule.startLatestSeconds),
      latestSeconds: rule.startLatestSeconds,
    },
    lapse: formatDuration(rule.lapseSeconds),
    lapseSeconds: rule.lapseSeconds,
    requirements,
    ...(agents ? { agents } : {}),
    reason: rule.reason,
    breakGlass: rule.breakGlass,
    ...(rule.who.onCall === undefined ? {} : { onCall: rule.who.onCall }),
    ...(rule.endsWithShift ? { endsWithShift: true as const } : {}),
    ...(rule.ticket ? { ticket: rule.ticket } : {}),
    ...(rule.endsWithTicket ? { endsWithTicket: true as const } : {}),
    ...reviewAnswer(rule.review, reviewers),
    ...extendMember(rule),
    principals,
  };
}

/**
 * The clusters of a caller's rules, each once, with what converge last saw in the way there.
 *
 * @throws BrokerError `dependency-unavailable` where the table does not answer
 */
export async function accessClusters(
  { policy, clusters }: Pick<FrontPorts, "policy" | "clusters">,
  rules: readonly Pick<AccessRuleAnswer, "clusters">[],
): Promise<readonly AccessClusterAnswer[]> {
  const names = [...new Set(rules.flatMap((rule) => rule.clusters))];
  const each = names.map(async (name): Promise<readonly AccessClusterAnswer[]> => {
    const arn = clusterNamed(policy, name)?.arn;
    if (arn === undefined) return [];
    const facts = await clusters.load(arn);
    const obstacle = facts && obstacleOf(name, facts)?.code;
    return [{ name, arn, ...(obstacle ? { obstacle } : {}) }];
  });
  return (await Promise.all(each)).flat();
}
