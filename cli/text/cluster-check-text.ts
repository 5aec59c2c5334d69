/** The facts about how a cluster is set up, and the exact next commands. */
import { mayBeCreators } from "../../shared/domain/standing/creator.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { ClusterStanding } from "../api/clusters.ts";
import type { Fact } from "../terminal/facts.ts";
import { AWS_AUTH, principalText, unreadText } from "./standing-text.ts";
import { awayText, fullTime } from "./time-text.ts";

type Setup = NonNullable<NonNullable<ClusterAnswer["setup"]>["cluster"]>;
type Mode = Setup["authenticationMode"];

const MODES: Readonly<Record<Mode, string>> = {
  API: "API: EKS reads access entries alone. Timelatch can lend, and sees all entries.",
  API_AND_CONFIG_MAP: `API_AND_CONFIG_MAP: Timelatch can lend. An entry overrides aws-auth for its principal. ${AWS_AUTH.API_AND_CONFIG_MAP}`,
  CONFIG_MAP: `CONFIG_MAP: EKS takes no access entries, so Timelatch can lend nothing here. ${AWS_AUTH.CONFIG_MAP}`,
};

/** A command for whoever runs the cluster, and what it is for. */
interface NextCommand {
  readonly what: string;
  readonly command: string;
}

/** As facts in two columns. Nothing is in it that was not read. */
export function checkFacts(standing: ClusterStanding, now: string): readonly Fact[] {
  const { cluster } = standing;
  const setup = cluster.setup?.cluster;
  return [
    ["Cluster", visible(`${cluster.name}, ${cluster.clusterArn}`)],
    ...(setup ? setupFacts(standing, setup, now) : [["Read", unreadText(cluster, now)] as const]),
    ...grantorFacts(cluster, now),
  ];
}

function setupFacts(standing: ClusterStanding, setup: Setup, now: string): readonly Fact[] {
  const { cluster } = standing;
  const read = cluster.setup?.readAt;
  return [
    ["Made", `${fullTime(setup.createdAt)}; Kubernetes ${visible(setup.version ?? "unknown")}`],
    ["Mode", MODES[setup.authenticationMode]],
    ["Creator", creatorText(standing, setup)],
    [
      "Audit log",
      setup.auditLog
        ? "on: CloudWatch has what is done in the cluster."
        : "off: nobody can say later what was done with a grant.",
    ],
    ...(read === undefined ? [] : [["Described", awayText(read, now)] as const]),
    [
      "Entries read",
      cluster.standing ? awayText(cluster.standing.completedAt, now) : unreadText(cluster, now),
    ],
  ];
}

function creatorText({ cluster, entries }: ClusterStanding, setup: Setup): string {
  if (setup.authenticationMode === "CONFIG_MAP")
    return "cannot be seen in this mode. Whoever made the cluster is its administrator.";
  if (!cluster.standing) return "not known: the entries were not read whole yet.";
  const found = entries.filter((entry) => mayBeCreators(entry, setup.createdAt));
  if (found.length === 0) return "no entry of that age with AmazonEKSClusterAdminPolicy.";
  const names = found.map(({ principalArn }) => principalText(principalArn, cluster)).join(", ");
  return `probably ${names}: AmazonEKSClusterAdminPolicy on the whole cluster, as old as the cluster. EKS does not say who made it.`;
}

function grantorFacts({ grantor, setup }: ClusterAnswer, now: string): readonly Fact[] {
  const { roleArn, describedAt, lends } = grantor;
  const policies = [
    ...lends.onCluster.map((policy) => `${policy} on the whole cluster`),
    ...lends.inNamespaces.map(({ policy, namespaces }) => `${policy} in ${namespaces.join(", ")}`),
    ...(lends.groups.length > 0 ? [`groups ${lends.groups.join(", ")}`] : []),
  ];
  const used =
    describedAt === null
      ? "Converge has not described the cluster under it yet. Read converge's log."
      : `Converge described the cluster under it ${awayText(describedAt, now)}, so it could be assumed then.`;
  return [
    ["Grantor", `${visible(roleArn)}. ${used}`],
    [
      "It lends",
      `${visible(policies.join("; ") || "nothing")}. So says access.yaml; the role's IAM policy was not read.`,
    ],
    ...(setup ? [] : [["Mode", "not known"] as const]),
  ];
}

/** The commands that the cluster's operator may run next, in this order. */
export function nextCommands({ cluster, entries }: ClusterStanding): readonly NextCommand[] {
  const setup = cluster.setup?.cluster;
  if (!setup) return [];
  const { name, region } = clusterOf(cluster.clusterArn);
  const update = `aws eks update-cluster-config --region ${region} --name ${name}`;
  const creators = entries.filter((entry) => mayBeCreators(entry, setup.createdAt));
  return [
    ...MODE_COMMANDS[setup.authenticationMode].map(({ what, mode }) => ({
      what,
      command: `${update} --access-config authenticationMode=${mode}`,
    })),
    ...(setup.auditLog
      ? []
      : [
          {
            what: "Switch the audit log on. CloudWatch charges for it.",
            command: `${update} --logging '{"clusterLogging":[{"types":["audit"],"enabled":true}]}'`,
          },
        ]),
    ...creators.map(({ principalArn }) => ({
      what: "Remove what is probably the creator's entry, once another way in was tried.",
      command: `aws eks delete-access-entry --region ${region} --cluster-name ${name} --principal-arn ${visible(principalArn)}`,
    })),
  ];
}

/** EKS lets nobody go back, and no step be left out. */
const MODE_COMMANDS: Readonly<
  Record<Mode, readonly { readonly what: string; readonly mode: Mode }[]>
> = {
  API: [],
  API_AND_CONFIG_MAP: [
    {
      what: "Make EKS read access entries alone, once all of aws-auth has entries. It cannot be undone.",
      mode: "API",
    },
  ],
  CONFIG_MAP: [
    {
      what: "Let EKS take access entries beside aws-auth. It cannot be undone.",
      mode: "API_AND_CONFIG_MAP",
    },
  ],
};
