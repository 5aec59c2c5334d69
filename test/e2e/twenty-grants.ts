/** Twenty grants at once, of several people, on several clusters, and what is left of them on the entries. */
import { EKSClient, ListAssociatedAccessPoliciesCommand } from "@aws-sdk/client-eks";
import { expect } from "vitest";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { profileKeys } from "./sandbox-process.ts";

const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
interface Ask {
  readonly person: string;
  readonly ask: Readonly<Record<string, unknown>> & { readonly cluster: string };
}

/**
 * The requests of each person. Each on prod has an entry of their own, and heidi has one in each of
 * two regions of another account.
 */
const ASKS: readonly Ask[] = [
  ...Array.from({ length: 6 }, (_, at) =>
    ["alice", "dave", "mallory"].map((person) => ({
      person,
      ask: { cluster: "prod", access: editIn(`payments-${at}`) },
    })),
  ).flat(),
  ...["overseas", "ireland"].map((cluster) => ({
    person: "heidi",
    ask: { cluster, access: VIEW },
  })),
];

/** Twenty of people whom the repository's own access.yaml has: one entry on prod, and four on staging. */
export const OF_THE_SAMPLE: readonly Ask[] = [
  ...Array.from({ length: 16 }, (_, at) => ({
    person: "alice",
    ask: { cluster: "prod", access: editIn(`payments-${at}`) },
  })),
  ...["alice", "bob", "carol", "heidi"].map((person) => ({
    person,
    ask: { cluster: "staging", access: VIEW },
  })),
];

/** The places of clusters, and the profile that may look there. */
const PLACES: Readonly<Record<string, readonly [profile: string, region: string]>> = {
  prod: ["admin", "us-west-2"],
  staging: ["admin", "us-west-2"],
  overseas: ["spoke-admin", "us-west-2"],
  ireland: ["spoke-admin", "eu-west-1"],
};

export interface TwentyGrants {
  readonly grants: readonly RequestAnswer[];
  /** When the last of them ends, in milliseconds since the epoch. */
  readonly end: number;
  /** The clusters on which something of them is on an entry, sorted, each once. */
  readonly lentOn: () => Promise<readonly string[]>;
  /** Waits until nothing of them is on entries of these clusters. @returns for how many seconds it was there after the end */
  readonly gone: (clusters: readonly string[], withinSeconds: number) => Promise<number>;
  /** Gives back what is not over, and waits until all are over on record. */
  readonly returned: () => Promise<void>;
  /** Waits until all are over on record. */
  readonly ended: () => Promise<void>;
}

/** How long a machine with much other work may take for them. */
const PATIENCE_SECONDS = 150;

/** Access goes some seconds before its end. */
const SHORTEST_SECONDS = 9;

/**
 * How long such grants have to be on this machine, so that all of them have begun well before their end.
 *
 * @param lending how many seconds the slowest lending took so far
 */
export const briefly = (lending: number): string =>
  `${Math.max(SHORTEST_SECONDS, Math.ceil(3 * lending))}s`;

/** Lends them, and waits until all are there. */
export async function lendTwenty(
  sandbox: SandboxAddresses,
  duration: string,
  asks: readonly Ask[] = ASKS,
): Promise<TwentyGrants> {
  const of = (person: string) => apiPerson(sandbox, person);
  // As many at once as functions run: a busy machine would keep the others waiting for longer than a call may last.
  const asked = await fourAtOnce(asks, ({ person, ask }) => of(person).ask({ ...ask, duration }));
  const undecided = asked.filter(({ state }) => state === "pending");
  await fourAtOnce(undecided, (request) => of("bob").approve(request));
  const ids = asked.map(({ id }) => id);
  /** Those of them that are not over, as an auditor lists them. */
  const open = async (): Promise<readonly RequestAnswer[]> => {
    const { body } = await of("dave").get("/v1/grants");
    const listed: readonly RequestAnswer[] = body?.requests ?? [];
    return listed.filter(({ id }) => ids.includes(id));
  };
  const grants = await eventually(
    open,
    (found) => found.filter(({ state }) => state === "active").length === ids.length,
    PATIENCE_SECONDS,
  );
  const lentOn = () => clustersWithAccess(sandbox, grants);
  async function ended(): Promise<void> {
    // While the API does not answer, nothing is known.
    const left = async () =>
      (await of("dave").get("/v1/grants")).status === 200 ? await open() : ids;
    await eventually(left, ({ length }) => length === 0, PATIENCE_SECONDS);
  }
  expect(await lentOn()).toEqual([...new Set(asks.map(({ ask }) => ask.cluster))].sort());
  const end = Math.max(...grants.map(({ expiresAt }) => Date.parse(expiresAt ?? "")));
  return {
    grants,
    end,
    lentOn,
    async gone(clusters, withinSeconds) {
      const left = async () => (await lentOn()).filter((one) => clusters.includes(one));
      const patience = Math.max(0, end - Date.now()) / 1_000 + withinSeconds;
      await eventually(left, (found) => found.length === 0, patience);
      return (Date.now() - end) / 1_000;
    },
    ended,
    async returned() {
      await fourAtOnce(await open(), ({ id, requester }) =>
        of(requester).post(`/v1/requests/${id}/return`, {}),
      );
      await ended();
    },
  };
}

async function clustersWithAccess(
  sandbox: SandboxAddresses,
  grants: readonly RequestAnswer[],
): Promise<readonly string[]> {
  const entries = new Map(
    grants.map(({ cluster, principalArn }) => [
      `${cluster} ${principalArn}`,
      { cluster, principalArn },
    ]),
  );
  const found = await Promise.all(
    [...entries.values()].map(async ({ cluster, principalArn }) => {
      const [profile = "", region = ""] = PLACES[cluster] ?? [];
      const credentials = profileKeys(sandbox, profile);
      const client = new EKSClient({ endpoint: sandbox.awsUrl, region, credentials });
      const list = new ListAssociatedAccessPoliciesCommand({
        ...{ clusterName: cluster, principalArn },
      });
      const policies = await client.send(list).then(
        ({ associatedAccessPolicies = [] }) => associatedAccessPolicies.length,
        // Nobody can tell while the region does not answer.
        (error: Error) => (error.name === "ResourceNotFoundException" ? 0 : 1),
      );
      client.destroy();
      return policies > 0 ? [cluster] : [];
    }),
  );
  return [...new Set(found.flat())].sort();
}

async function fourAtOnce<One, Result>(
  all: readonly One[],
  work: (one: One) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < all.length; at += 4)
    results.push(...(await Promise.all(all.slice(at, at + 4).map(work))));
  return results;
}
