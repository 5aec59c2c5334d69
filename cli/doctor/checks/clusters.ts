import { type Check, type CheckResult, ill, well } from "../check-result.ts";
import { eachAccount } from "../each-account.ts";
import { clustersOf } from "../expected-names.ts";
import type { ClusterSight } from "../sights.ts";

/** Each cluster exists, takes access entries, and writes an audit log. */
export const clusters: Check = {
  name: "clusters",
  needs: ["eks:DescribeCluster"],
  look: (patient) =>
    eachAccount(patient, async (account, sight) => {
      const results: CheckResult[] = [];
      for (const { name, arn } of clustersOf(patient.policy, account))
        results.push(...judged(name, arn, await sight.cluster(arn)));
      return results;
    }),
};

function judged(
  name: string,
  arn: string,
  found: ClusterSight | undefined,
): readonly CheckResult[] {
  if (!found)
    return [
      ill(`EKS knows no ${arn}`, "correct its arn in access.yaml, or write retired: true", name),
    ];
  const { mode = "none", status = "unknown", auditLog } = found;
  const update = `aws eks update-cluster-config --name ${arn.split("/").at(-1)}`;
  return [
    mode.startsWith("API")
      ? well(`authentication mode ${mode}`, name)
      : ill(
          `authentication mode ${mode}: EKS takes no access entries`,
          `${update} --access-config authenticationMode=API_AND_CONFIG_MAP`,
          name,
        ),
    auditLog
      ? well("audit log is on", name)
      : ill(
          "audit log is off: nobody can say what was done with access",
          `${update} --logging '{"clusterLogging":[{"types":["audit"],"enabled":true}]}'`,
          name,
        ),
    ...(status === "ACTIVE" ? [] : [ill(`is ${status}`, "wait until it is ACTIVE", name)]),
  ];
}
