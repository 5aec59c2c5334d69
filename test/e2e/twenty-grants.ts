/** Twenty grants at once, of several people, on several clusters, and what is left of them on the entries. */
import { EKSClient, ListAssociatedAccessPoliciesCommand } from "@aws-sdk/client-eks";
import { expect } from "vitest";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import { apiPerson, editIn } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { profileKeys } from "./sandbox-process.ts";

const VIEW = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
/**
 * The requests of each person. Each on prod has an entry of their own, and heidi has one in each of
 * two regions of another account.
 */
const ASKS = [
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

/** The places of clusters, and the profile that may look there. */
const PLACES: Readonly<Record<string, readonly [profile: string, region: string]>> = {
  prod: ["admin", "us-west-2"],
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
  /** Waits until all are over on record. */
  readonly ended: () => Promise<void>;
}

/**
 * How long such grants have to be on this machine, now: so that all of them have begun well before their end.
 * It lends them once, and gives them back.
 */
export async function durationHere(sandbox: SandboxAddresses): Promise<string> {
  const from = Date.now();
  const { grants, ended } = await lendTwenty(sandbox, "10m");
  const seconds = (Date.now() - from) / 1_000;
  await Promise.all(
    grants.map(({ id, requester }) =>
      apiPerson(sandbox, requester).post(`/v1/requests/${id}/return`, {}),
    ),
  );
  await ended();
  return `${Math.max(SHORTEST_SECONDS, Math.ceil(2 * seconds))}s`;
}

/** Its access goes some seconds before its end. */
const SHORTEST_SECONDS = 9;

/** Lends them, and waits until all are there. */
export async function lendTwenty(
  sandbox: SandboxAddresses,
  duration: string,
): Promise<TwentyGrants> {
  const of = (person: string) => apiPerson(sandbox, person);
  // As many at once as functions run: a busy machine would keep the others waiting for longer than a call may last.
  const asked = await fourAtOnce(ASKS, ({ person, ask }) => of(person).ask({ ...ask, duration }));
  await fourAtOnce(asked, (request) => of("bob").approve(request));
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
    60,
  );
  const lentOn = () => clustersWithAccess(sandbox, grants);
  expect(await lentOn()).toEqual(Object.keys(PLACES).sort());
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
    async ended() {
      // While the API does not answer, nothing is known.
      const left = async () =>
        (await of("dave").get("/v1/grants")).status === 200 ? await open() : ids;
      await eventually(left, ({ length }) => length === 0, 60);
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
