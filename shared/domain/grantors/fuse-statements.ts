import { type ClusterArn, fuseRoleArn } from "../values/arn.ts";
import type { GrantorStatement } from "./grantor-statement.ts";

/** Where the broker has no Scheduler of its own: an account, and its regions with clusters. */
export interface RemotePlace extends Pick<ClusterArn, "partition" | "account"> {
  readonly regions: readonly string[];
}

/**
 * Lets a grantor role arm fuses in its account. It makes and deletes them in the deployment's
 * group. It passes only the fuse role, which can only remove. Other schedules have other names.
 */
export const fuseStatements = (
  { regions, ...place }: RemotePlace,
  deployment: string,
): readonly GrantorStatement[] =>
  regions.length === 0
    ? []
    : [
        {
          Sid: "ArmFuses",
          Effect: "Allow",
          Action: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"],
          Resource: regions.map(
            (region) =>
              `arn:${place.partition}:scheduler:${region}:${place.account}:schedule/${deployment}/f-*`,
          ),
        },
        {
          Sid: "PassFuseRole",
          Effect: "Allow",
          Action: ["iam:PassRole"],
          Resource: [fuseRoleArn(place, deployment)],
          Condition: { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
        },
      ];
