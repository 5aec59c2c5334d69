/**
 * How long it takes to know what a person with many grants can do, against a read of one of their requests.
 * Both run as the API runs them, on DynamoDB Local, in turns: a busy machine slows both.
 */
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamoRequestStore } from "../../shared/aws/dynamodb/requests/dynamo-request-store.ts";
import { systemRandom } from "../../shared/aws/machine/system-random.ts";
import { readPersonAccess } from "../../shared/usecases/access/read-person-access.ts";
import { readRequest } from "../../shared/usecases/requests/read-requests.ts";
import { type LocalTables, localTables } from "../../test/shared/aws/dynamodb/local-tables.ts";
import { aFirstStep, anApproval, PROD } from "../fakes/builders.ts";
import { countedId } from "../fakes/counted-ids.ts";
import { memoryBroker } from "../fakes/memory-broker.ts";
import { memoryStandingStore } from "../fakes/memory-standing-store.ts";
import { boundsReport } from "./bounds-report.ts";
import type { Suite } from "./report.ts";
import { median } from "./statistics.ts";

const CLUSTERS = 20;
const GRANTS = 50;
const TURNS = 60;
/** The first ones open connections. */
const WARM_UP = 10;
/** Two lists, a batch of reads for each, and one query an entry. */
const MOST_CALLS = CLUSTERS + 4;
/** Two plain reads for each call, since each call reads several requests. */
const MOST_TIMES = 2 * MOST_CALLS;
const MOST_MS = 300;

const clusterOf = (n: number) => ({ name: `c${n}`, arn: `${PROD.arn}-${n}`, retired: false });

export const benchStatus: Suite = async (progress) => {
  const tables = await localTables();
  try {
    progress(`${GRANTS} grants on ${CLUSTERS} clusters, on DynamoDB Local`);
    const { status, plain, calls } = await measured(tables);
    const [whole, one] = [median(status), median(plain)];
    return boundsReport(
      [
        figure("statusCalls", "Calls of DynamoDB for the status of a person", calls, MOST_CALLS),
        {
          name: "statusTimes",
          what: "Status of a person, of a read of one request",
          value: whole / one,
          bound: MOST_TIMES,
          unit: "times",
        },
        { name: "statusMs", what: "Status of a person", value: whole, bound: MOST_MS, unit: "ms" },
        { name: "plainMs", what: "A read of one request", value: one, bound: null, unit: "ms" },
      ],
      `; medians of ${TURNS}, in turns`,
      {},
    );
  } finally {
    await tables.stop();
  }
};

const figure = (name: string, what: string, value: number, bound: number) => ({
  name,
  what,
  value,
  bound,
  unit: "calls" as const,
});

async function measured(tables: LocalTables) {
  const names = await tables.requestTables();
  const stored = dynamoRequestStore(tables.client, names, systemRandom);
  for (let n = 0; n < GRANTS; n += 1) {
    const first = aFirstStep({ id: countedId(n + 1), cluster: clusterOf(n % CLUSTERS) });
    await stored.create([first, anApproval(first.request)]);
  }
  let calls = 0;
  // The clients share a configuration, so that the second one keeps how the first translates.
  const counted = DynamoDBDocumentClient.from(tables.client, tables.client.config.translateConfig);
  counted.middlewareStack.add(
    (next) => (args) => {
      calls += 1;
      return next(args);
    },
    { step: "initialize" },
  );
  const broker = memoryBroker();
  const each = Array.from({ length: CLUSTERS }, (_, n) => [`c${n}`, clusterOf(n)] as const);
  const policy = { ...broker.front.policy, clusters: Object.fromEntries(each) };
  const requests = dynamoRequestStore(counted, names, systemRandom);
  const ports = { ...broker.front, policy, requests, standing: memoryStandingStore() };
  const alice = broker.actor("alice");
  const [status, plain]: [number[], number[]] = [[], []];
  for (let turn = -WARM_UP; turn < TURNS; turn += 1) {
    calls = 0;
    const whole = await took(() => readPersonAccess(ports, alice, "alice", undefined));
    const callsOfOne = calls;
    const one = await took(() => readRequest(ports, alice, countedId(1)));
    if (turn >= 0) {
      status.push(whole);
      plain.push(one);
    }
    calls = callsOfOne;
  }
  return { status, plain, calls };
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
