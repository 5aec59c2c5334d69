/** How many calls of DynamoDB it takes to know what somebody can do. */
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aFirstStep, anApproval, PROD } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { memoryStandingStore } from "../../../../../lab/fakes/memory-standing-store.ts";
import { dynamoRequestStore } from "../../../../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../../../../shared/aws/machine/system-random.ts";
import { readPersonAccess } from "../../../../../shared/usecases/access/read-person-access.ts";
import { type LocalTables, sharedTables } from "../local-tables.ts";

const CLUSTERS = 20;
const GRANTS = 50;
/** The lists of all grants, and of the person's requests. */
const LISTS = 2;

let tables: LocalTables;
beforeAll(async () => {
  tables = await sharedTables();
});
afterAll(() => tables.stop());

const clusterOf = (n: number) => ({ name: `c${n}`, arn: `${PROD.arn}-${n}` });

it("Fifty grants on twenty clusters take two lists, a batch of reads for each, and one query an entry", async () => {
  const names = await tables.requestTables();
  const stored = dynamoRequestStore(tables.client, names, systemRandom);
  for (let n = 0; n < GRANTS; n += 1) {
    const first = aFirstStep({ id: countedId(n + 1), cluster: clusterOf(n % CLUSTERS) });
    await stored.create([first, anApproval(first.request)]);
  }
  const calls: string[] = [];
  // The clients share a configuration, so that the second one keeps how the first translates.
  const counted = DynamoDBDocumentClient.from(tables.client, tables.client.config.translateConfig);
  counted.middlewareStack.add(
    (next, { commandName }) => {
      calls.push(String(commandName));
      return (args) => next(args);
    },
    { step: "initialize" },
  );
  const broker = memoryBroker();
  const clusters = Object.fromEntries(
    Array.from({ length: CLUSTERS }, (_, n) => [
      `c${n}`,
      { arn: clusterOf(n).arn, retired: false },
    ]),
  );
  const ports = {
    ...broker.front,
    policy: { ...broker.front.policy, clusters },
    requests: dynamoRequestStore(counted, names, systemRandom),
    standing: memoryStandingStore(),
  };
  const { access } = await readPersonAccess(ports, broker.actor("alice"), "alice", undefined);
  expect(new Set(access.map(({ clusterArn }) => clusterArn)).size).toBe(CLUSTERS);
  const of = (name: RegExp) => calls.filter((each) => name.test(each)).length;
  expect({ queries: of(/Query/), gets: of(/Get/), all: calls.length }).toEqual({
    queries: LISTS + CLUSTERS,
    gets: LISTS,
    all: LISTS + CLUSTERS + LISTS,
  });
});
