/** An `access.yaml`, as JSON, for a deployment of any size. */

export interface DeploymentSize {
  readonly rules: number;
  readonly people: number;
  readonly clusters: number;
  readonly accounts: number;
  /** Whether each person has a role of their own, or names one by its ARN. */
  readonly principals: "personal" | "by ARN";
}

const REGION = "us-west-2";
/** People in each group; every second person is in one more. */
const GROUP_SIZE = 10;
/** Clusters of a rule, if the deployment has that many. */
const CLUSTERS_A_RULE = 5;

export const accountNumber = (at: number): string => String(111_122_223_333 + at);

/**
 * A file with everything that makes a grantor's policy long. One rule in ten lets people ask for
 * patterns, one in fifty lends `kube-system`, and the first lends whole clusters to one group.
 */
export function deploymentFile(size: DeploymentSize): string {
  return JSON.stringify({
    version: 1,
    clusters: Object.fromEntries(
      numbered(size.clusters, (at) => [clusterName(at), clusterAt(at, size)]),
    ),
    people: Object.fromEntries(numbered(size.people, (at) => [`person-${at}`, personAt(at, size)])),
    roles: { admins: ["group-0"] },
    ...(size.principals === "personal"
      ? {
          identity: {
            account: accountNumber(0),
            sourceIdentity: { roles: [`arn:aws:iam::${accountNumber(0)}:role/developers`] },
          },
        }
      : {}),
    rules: numbered(size.rules, (at) => ruleAt(at, size)),
  });
}

const numbered = <Value>(count: number, value: (at: number) => Value): readonly Value[] =>
  Array.from({ length: count }, (_, at) => value(at));

const clusterName = (at: number): string => `cluster-${at}`;

const clusterAt = (at: number, { accounts }: DeploymentSize) => ({
  arn: `arn:aws:eks:${REGION}:${accountNumber(at % accounts)}:cluster/${clusterName(at)}`,
});

const groupsOf = ({ people }: DeploymentSize): number => Math.ceil(people / GROUP_SIZE);

function personAt(at: number, size: DeploymentSize) {
  const groups = groupsOf(size);
  const name = `person-${at}`;
  return {
    email: `${name}@example.com`,
    groups: [
      ...new Set([`group-${at % groups}`, ...(at % 2 ? [`group-${(at + 7) % groups}`] : [])]),
    ],
    ...(size.principals === "personal"
      ? { identities: { sourceIdentity: name } }
      : namedRoles(name, size)),
  };
}

function namedRoles(name: string, { accounts }: DeploymentSize) {
  const principals = numbered(
    accounts,
    (at) => `arn:aws:iam::${accountNumber(at)}:role/people/${name}`,
  );
  return { identities: { iam: principals.slice(0, 1) }, principals };
}

function ruleAt(at: number, size: DeploymentSize) {
  const clusters = numbered(Math.min(CLUSTERS_A_RULE, size.clusters), (next) =>
    clusterName((at + next) % size.clusters),
  );
  return {
    name: `rule-${at}`,
    who: { groups: [`group-${at % groupsOf(size)}`] },
    clusters: at === 0 ? numbered(size.clusters, clusterName) : clusters,
    access: accessAt(at),
    duration: { max: "1h" },
    approval: "none",
  };
}

function accessAt(at: number) {
  if (at === 0) return { policies: ["AmazonEKSAdminViewPolicy"], scope: "cluster" };
  const policies =
    at % 3 === 0 ? ["AmazonEKSViewPolicy"] : ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"];
  if (at % 50 === 3) return { policies, namespaces: [`team-${at}-*`, "kube-system"] };
  if (at % 10 === 1) return { policies, namespaces: [`team-${at}-*`], wildcards: true };
  return { policies, namespaces: [`team-${at}-*`] };
}
