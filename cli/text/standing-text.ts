/** Standing access on clusters, for people. It quotes what others wrote. */
import { mayBeCreators } from "../../shared/domain/standing/creator.ts";
import type { EntryKind } from "../../shared/domain/standing/entry-kind.ts";
import type { Power } from "../../shared/domain/standing/power.ts";
import type { PrincipalState } from "../../shared/domain/standing/standing-entry.ts";
import { parseClusterArn, parsePrincipalArn } from "../../shared/domain/values/arn.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type {
  ClusterAnswer,
  StandingEntryAnswer,
} from "../../shared/http/contract/cluster-answer.ts";
import type { ClusterStanding } from "../api/clusters.ts";
import { type Fact, renderFacts } from "../terminal/facts.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { awayText, fullTime } from "./time-text.ts";

/** The most that an entry's holder can do. */
export const POWER_WORDS: Readonly<Record<Power, string>> = {
  everything: "everything",
  admin: "admin",
  unknown: "unknown",
  edit: "edit",
  secrets: "reads secrets",
  view: "view",
  none: "nothing",
};

/** Null where there is nothing to say. */
const PRINCIPAL_WORDS: Readonly<Record<PrincipalState, string | null>> = {
  exists: null,
  gone: "The principal was deleted: nobody can use the entry. It can be removed.",
  recreated:
    "The principal was deleted and made again: the entry is dead, as the new one has another id.",
  "not-read": null,
};

/** The parts of the list, each with its title. */
const PARTS: Readonly<Record<EntryKind, string>> = {
  ordinary: "People and programs",
  capability: "EKS Capabilities",
  service: "AWS services",
  node: "Nodes",
};

/** `role/people/alice`, with its account where that is not the cluster's. */
export function principalText(arn: string, { clusterArn }: Pick<ClusterAnswer, "clusterArn">) {
  const principal = parsePrincipalArn(arn);
  if (!principal) return visible(arn);
  const { account, kind, path, name } = principal;
  const own = parseClusterArn(clusterArn)?.account === account;
  return visible(`${own ? "" : `${account}:`}${kind}${path}${name}`);
}

/** `carol (role/people/carol)`, where `access.yaml` gives the principal to somebody. */
export function holderText(
  { principalArn, people = [] }: Pick<StandingEntryAnswer, "principalArn" | "people">,
  cluster: Pick<ClusterAnswer, "clusterArn">,
): string {
  const principal = principalText(principalArn, cluster);
  return people.length === 0 ? principal : `${visible(people.join(", "))} (${principal})`;
}

/** `AmazonEKSEditPolicy in ci, dev`, `AmazonEKSViewPolicy on the whole cluster`. */
const policyText = ({ policy, scope }: StandingEntryAnswer["policies"][number]) =>
  visible(
    scope.type === "cluster"
      ? `${policy} on the whole cluster`
      : `${policy} in ${scope.namespaces.join(", ")}`,
  );

const isDead = ({ principal }: StandingEntryAnswer) =>
  principal === "gone" || principal === "recreated";

/** The access of an entry and anything odd about it, a line each. */
export function entryLines(
  entry: StandingEntryAnswer,
  cluster: Pick<ClusterAnswer, "setup">,
): readonly string[] {
  const { policies, groups, tagged, principal, isCut, kind, username, claimedBy } = entry;
  const bornAt = cluster.setup?.cluster?.createdAt;
  const note = PRINCIPAL_WORDS[principal];
  return [
    ...policies.map(policyText),
    ...(groups.length > 0
      ? [`groups ${visible(groups.join(", "))}; RBAC says what they may do`]
      : []),
    ...(policies.length === 0 && groups.length === 0 && kind === "ordinary"
      ? [`No policies and no groups. RBAC may know the username ${visible(username)}.`]
      : []),
    ...(note ? [note] : []),
    ...(tagged ? ["It carries Timelatch's tag, and no grant explains this."] : []),
    ...(isCut ? ["There is more. EKS has all of it."] : []),
    ...(claimedBy
      ? [
          `Records claim it, and their histories do not bear them out: ${visible(claimedBy.join(", "))}. Look into who wrote them.`,
        ]
      : []),
    ...(bornAt !== undefined && mayBeCreators(entry, bornAt)
      ? ["As old as the cluster: probably its creator's."]
      : []),
  ];
}

const factsOf = (entry: StandingEntryAnswer, cluster: ClusterAnswer): readonly Fact[] => {
  const who = `${holderText(entry, cluster)}, since ${fullTime(entry.createdAt)}`;
  const power = isDead(entry) ? "dead" : POWER_WORDS[entry.power];
  const type = entry.kind === "node" ? ` (${visible(entry.type)})` : "";
  return [[power, who + type], ...entryLines(entry, cluster).map((line): Fact => ["", line])];
};

/** One cluster's list: what was read and when, then each part by power. */
export function standingText(
  { cluster, entries }: ClusterStanding,
  now: string,
  out: Pick<Stream, "columns" | "paint">,
): string {
  const parts = (Object.keys(PARTS) as EntryKind[]).flatMap((kind) => {
    const ofKind = entries.filter((entry) => entry.kind === kind);
    if (ofKind.length === 0) return [];
    const facts = ofKind.flatMap((entry) => factsOf(entry, cluster));
    return `\n${out.paint("dim", PARTS[kind])}\n${renderFacts(facts, out)}`;
  });
  return (
    wrapLines(`${headLines(cluster, entries.length, now).join("\n")}\n`, out.columns) +
    parts.join("")
  );
}

function headLines(cluster: ClusterAnswer, count: number, now: string): readonly string[] {
  const { name, standing, setup, failure } = cluster;
  const mode = setup?.cluster?.authenticationMode;
  const known = standing
    ? `${countText(count, standing.read)} Read ${awayText(standing.completedAt, now)}.`
    : unreadText(cluster, now);
  return [
    `${visible(name)}: ${known}`,
    ...(standing && failure ? [failureText(failure, now)] : []),
    ...(mode === undefined || mode === "API" ? [] : [AWS_AUTH[mode]]),
  ];
}

/** `5 access entries, 2 of them with access that no grant explains.` */
function countText(count: number, read: number): string {
  if (read === 0) return "no access entries.";
  const all = read === 1 ? "1 access entry" : `${read} access entries`;
  return `${all}, ${count === 0 ? "none" : count} of them not explained by grants alone.`;
}

/** That a later reading stopped, and why. */
export const failureText = ({ code, at }: NonNullable<ClusterAnswer["failure"]>, now: string) =>
  `The reading that came after stopped ${awayText(at, now)}: ${visible(code)}. It goes on by itself.`;

/** Why there is nothing to show. */
export function unreadText(cluster: ClusterAnswer, now: string): string {
  const { unread, setup, reading, failure } = cluster;
  if (unread === "retired") return "not read, because access.yaml says retired.";
  if (setup && setup.cluster === null)
    return "EKS knows no such cluster. Correct access.yaml, or mark it as retired there.";
  const stopped = failure
    ? ` It stopped ${awayText(failure.at, now)}: ${visible(failure.code)}. It goes on by itself.`
    : "";
  if (reading)
    return `not read whole yet: ${reading.read} so far, since ${awayText(reading.startedAt, now)}.${stopped}`;
  return `not read yet.${stopped}`;
}

/** The blind spot where EKS still reads aws-auth. */
export const AWS_AUTH = {
  CONFIG_MAP:
    "EKS reads the ConfigMap aws-auth alone here, and Timelatch does not read it. Whoever is in it has access that is not listed, and so has the cluster's creator.",
  API_AND_CONFIG_MAP:
    "EKS reads the ConfigMap aws-auth here as well, and Timelatch does not read it. Whoever is in it has access that is not listed.",
} as const;
