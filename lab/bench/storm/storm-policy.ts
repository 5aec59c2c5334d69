/** The policy of a storm: ten clusters, and enough people for every entry. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";

const ACCOUNT = "111122223333";
const REGION = "us-west-2";
/** Each has a tenth of all entries. */
export const CLUSTERS = Array.from({ length: 10 }, (_, at) => `c${at}`);
export const DEAD = "c9";

export const clusterArn = (name: string) => `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${name}`;

/** One entry: a person's principal on a cluster. */
export interface Place {
  readonly cluster: string;
  readonly person: string;
  readonly principalArn: string;
}

/** Entries, distributed over the clusters in turn. */
export const placesOf = (count: number): readonly Place[] =>
  Array.from({ length: count }, (_, at) => {
    const person = `p${Math.floor(at / CLUSTERS.length)}`;
    return {
      cluster: CLUSTERS[at % CLUSTERS.length] ?? "",
      person,
      principalArn: `arn:aws:iam::${ACCOUNT}:role/people/${person}`,
    };
  });

/** Everyone may have access for their own principal, without an approver. */
export function stormPolicy(places: readonly Place[]): AccessPolicy {
  return {
    version: 1,
    hash: "c".repeat(64),
    clusters: Object.fromEntries(
      CLUSTERS.map((name) => [name, { arn: clusterArn(name), retired: false }]),
    ),
    people: Object.fromEntries(
      places.map(({ person, principalArn }) => [
        person,
        {
          email: `${person}@example.com`,
          groups: ["engineers"],
          identities: { iam: [], slack: [] },
          principals: [principalArn],
        },
      ]),
    ),
    roles: { admins: [], auditors: [] },
    rules: [
      {
        name: "view",
        who: { people: [], groups: ["engineers"] },
        clusters: CLUSTERS,
        access: { policies: ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy"], scope: "cluster" },
        duration: { maxSeconds: 172_800, defaultSeconds: null },
        hours: null,
        atMost: null,
        startLatestSeconds: 30 * 86_400,
        lapseSeconds: 86_400,
        approval: [],
        reason: { minLength: 0, ticket: null },
        breakGlass: false,
        sharedPrincipals: false,
        approverMayHoldPrincipal: false,
        foreignPrincipals: false,
        delegable: true,
        decideIn: ["api", "slack"],
        notify: { direct: false },
      },
    ],
  };
}
