/** What to do with a new working directory, and what people's own sessions need. */
import { everyPersonalRole } from "../../shared/domain/people/personal-role.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { type ChosenCluster, partitionOf } from "./chosen-clusters.ts";
import { FIRST_GROUP } from "./first-person.ts";
import { LIBRARY_FILE } from "./folder-files.ts";
import type { Answers } from "./questions.ts";

/** A statement for a permission set, or for the role or user with which people sign in. */
export const assumeStatement = (region: string): Readonly<Record<string, string>> => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Resource: everyPersonalRole({ partition: partitionOf(region), account: "*" }).replace(
    /timelatch-person-\*$/,
    "*",
  ),
});

/** Whether the role of a person trusts an account, which then has to allow it. OIDC trusts a provider. */
export const needsStatement = (answers: Answers): boolean => answers["sign-in"]?.[0] !== "oidc";

/** Command lines in their order. */
export function nextCommands(
  folder: string,
  answers: Answers,
  clusters: readonly ChosenCluster[],
  library: string,
): readonly string[] {
  const [account = ""] = answers["account"] ?? [];
  const [region = ""] = answers["region"] ?? [];
  const spokes = new Set(
    clusters
      .map(({ arn }) => clusterOf(arn))
      .filter((cluster) => cluster.account !== account)
      // Grantor roles are deployed where the clusters are, and people's roles where the broker is.
      .flatMap((cluster) => [
        `${cluster.account}/${cluster.region}`,
        `${cluster.account}/${region}`,
      ]),
  );
  return [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    ...(library.endsWith(LIBRARY_FILE) ? [`cp <where it was packed>/${LIBRARY_FILE} .`] : []),
    "npm install",
    ...(answers["sign-in"]?.[0] === "identity-center"
      ? [`timelatch people sync --group "<a group of your directory>=${FIRST_GROUP}"`]
      : []),
    "timelatch policy check",
    "timelatch policy test",
    `node_modules/.bin/cdk bootstrap aws://${account}/${region}`,
    ...[...spokes].map(
      (spoke) =>
        `node_modules/.bin/cdk bootstrap aws://${spoke} --trust ${account} --trust-for-lookup ${account} --cloudformation-execution-policies arn:${partitionOf(region)}:iam::aws:policy/AdministratorAccess`,
    ),
    "timelatch deploy",
  ];
}
