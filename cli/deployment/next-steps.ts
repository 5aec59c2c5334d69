/** The next steps with a new working directory, and the needs of people's own sessions. */
import { everyPersonalRole } from "../../shared/domain/people/personal-role.ts";
import { clusterOf, partitionOf } from "../../shared/domain/values/arn.ts";
import { bootstrapCommand, type Place } from "./bootstrap-command.ts";
import type { ChosenCluster } from "./chosen-clusters.ts";
import { FIRST_GROUP } from "./first-person.ts";
import { LIBRARY_FILE } from "./folder-files.ts";
import type { Answers } from "./questions.ts";

/**
 * A statement for a permission set, or for the role or user with which people sign in. The two other actions hand on a
 * source identity and transitive tags: AWS refuses a session that has them to whoever may not.
 */
export const assumeStatement = (
  region: string,
): Readonly<Record<string, string | readonly string[]>> => ({
  Effect: "Allow",
  Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
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
  const places = bootstrapPlaces({ account, region }, clusters);
  return [
    ...(folder === "." ? [] : [`cd ${folder}`]),
    ...(library.endsWith(LIBRARY_FILE) ? [`cp <where it was packed>/${LIBRARY_FILE} .`] : []),
    "npm install",
    ...(answers["sign-in"]?.[0] === "identity-center"
      ? [`timelatch people sync --group "<a group of your directory>=${FIRST_GROUP}"`]
      : []),
    "timelatch policy check",
    "timelatch policy test",
    ...places.map((place) =>
      place.account === account
        ? bootstrapCommand(place, undefined)
        : `${bootstrapCommand(place, account)}    # with credentials of account ${place.account}`,
    ),
    "timelatch deploy",
  ];
}

/** Each account and region that gets a stack, the broker's first. People's roles are in the broker's region. */
function bootstrapPlaces(broker: Place, clusters: readonly ChosenCluster[]): readonly Place[] {
  const all = clusters
    .map(({ arn }) => clusterOf(arn))
    .flatMap(({ account, region }) => [
      { account, region },
      { account, region: broker.region },
    ]);
  const keyed = new Map(
    [broker, ...all].map(({ account, region }) => [`${account}/${region}`, { account, region }]),
  );
  return [...keyed.values()];
}
