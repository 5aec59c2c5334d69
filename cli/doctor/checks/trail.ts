import { clusterOf } from "../../../shared/domain/values/arn.ts";
import { type Check, type CheckResult, ill, well } from "../check-result.ts";
import { eachAccount } from "../each-account.ts";
import { clustersOf } from "../expected-names.ts";
import type { TrailSight } from "../sights.ts";

/** In each region with clusters a trail records changes, so that evidence can be compared. */
export const trail: Check = {
  name: "trail",
  needs: ["cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "cloudtrail:GetEventSelectors"],
  look: (patient) =>
    eachAccount(patient, async (account, sight) => {
      const arns = clustersOf(patient.policy, account).map(({ arn }) => arn);
      const results: CheckResult[] = [];
      for (const region of [...new Set(arns.map((arn) => clusterOf(arn).region))])
        results.push(judged(`${account} ${region}`, await sight.trails(region)));
      return results;
    }),
};

function judged(subject: string, trails: readonly TrailSight[]): CheckResult {
  const good = trails.find(({ isLogging, recordsChanges }) => isLogging && recordsChanges);
  if (good) return well(`${good.name} records changes`, subject);
  return ill(
    trails.length === 0
      ? "no trail: changes around Timelatch are not found"
      : `${trails.map(({ name }) => name).join(", ")}: not logging, or without management events`,
    "have a trail record management events of this region: timelatch docs deploy",
    subject,
  );
}
