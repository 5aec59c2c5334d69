/** The region of the AWS port that a call reaches. */

import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { CallRecord } from "../../../../lab/sandbox/aws/dispatch.ts";
import { downRegions } from "../../../../lab/sandbox/aws/down-regions.ts";
import { iamService } from "../../../../lab/sandbox/aws/iam/service.ts";
import { sqsService } from "../../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState } from "../../../../lab/sandbox/aws/sqs/state.ts";
import { ssmService } from "../../../../lab/sandbox/aws/ssm/service.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../../lab/sandbox/aws/sts/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "./iam-world.ts";

const broker = role("broker", { policy: document(statement("*")) });
const iam = iamStore(broker);
const calls: CallRecord[] = [];
const outage = downRegions(["us-west-2", "eu-west-1"]);
const down = (...regions: readonly string[]) => {
  const { status, body } = outage.serve("PUT", Buffer.from(JSON.stringify({ down: regions })));
  return { status, body: JSON.parse(String(body)) };
};

/** SQS of a region, with one queue of that region's name. */
function queuesIn(region: string) {
  const sqs = memoryStore(emptySqsState());
  const place = { account: ACCOUNT, region, awsUrl: "http://127.0.0.1" };
  const url = `${place.awsUrl}/${ACCOUNT}/${region}`;
  sqs.state.queues[region] = { name: region, url } as (typeof sqs.state.queues)[string];
  return sqsService({ ...place, sqs });
}

let port: RunningPort;
beforeAll(async () => {
  port = await listen({
    services: [
      queuesIn("us-west-2"),
      stsService(iam),
      iamService(iam, { lagSeconds: 0 }),
      ssmService({
        account: ACCOUNT,
        region: "us-west-2",
        ssm: memoryStore({ parameters: {} }),
      }),
    ],
    elsewhere: { "eu-west-1": [queuesIn("eu-west-1"), stsService(iam)] },
    iam,
    onCall: (call) => calls.push(call),
    isDown: outage.isDown,
  });
});
afterEach(() => {
  down();
  calls.length = 0;
});
afterAll(() => port.close());

const settings = (region: string) => ({ ...clientConfig(port.url, broker), region });
const findQueue = (region: string, QueueName: string) =>
  new SQSClient(settings(region)).send(new GetQueueUrlCommand({ QueueName }));

it.each([
  ["us-west-2", "eu-west-1"],
  ["eu-west-1", "us-west-2"],
])(
  "A call that is signed for %s reaches that region and not %s, and its record says so",
  async (region, other) => {
    expect((await findQueue(region, region)).QueueUrl).toContain(`/${region}`);
    await expect(findQueue(region, other)).rejects.toMatchObject({ name: "QueueDoesNotExist" });
    expect(calls.map((call) => call.region)).toEqual([region, region]);
  },
);

it("A region that the sandbox lacks is refused with those that it has", async () => {
  await expect(findQueue("eu-north-1", "eu-north-1")).rejects.toThrow(
    "Credential should be scoped to a valid region. The sandbox is eu-west-1 and us-west-2, not 'eu-north-1'.",
  );
});

it("A service that another region lacks is refused there by its name", async () => {
  const { SSMClient, GetParameterCommand } = await import("@aws-sdk/client-ssm");
  const asked = new SSMClient(settings("eu-west-1")).send(new GetParameterCommand({ Name: "x" }));
  await expect(asked).rejects.toThrow(
    "The service 'ssm' is not emulated by the sandbox in eu-west-1, only in us-west-2.",
  );
});

it.each([
  ["eu-west-1", "eu-west-1"],
  ["us-east-1", "us-west-2"],
])(
  "A service that is one for all regions answers a signature for %s, as one of %s",
  async (signed, recorded) => {
    const sts = new STSClient(settings(signed));
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(ACCOUNT);
    expect(calls.map(({ region }) => region)).toEqual([recorded]);
  },
);

it("A region that is down answers nothing and does nothing, while the other works, until it is up again", async () => {
  const heard: unknown[] = [];
  outage.listen(() => heard.push(outage.isDown("eu-west-1")));
  expect(down("eu-west-1")).toEqual({ status: 200, body: { down: ["eu-west-1"] } });
  await expect(findQueue("eu-west-1", "eu-west-1")).rejects.toMatchObject({ code: "ECONNRESET" });
  const sts = new STSClient({ ...settings("eu-west-1"), maxAttempts: 1 });
  await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    code: "ECONNRESET",
  });
  expect(calls).toEqual([]);
  expect((await findQueue("us-west-2", "us-west-2")).QueueUrl).toContain("/us-west-2");
  down();
  expect((await findQueue("eu-west-1", "eu-west-1")).QueueUrl).toContain("/eu-west-1");
  expect(heard).toEqual([true, false]);
});

it.each(["us-west-2", "us-east-1"])(
  "IAM is in no region: a call that is signed for %s is answered while the broker's region is down",
  async (region) => {
    down("us-west-2");
    const client = new IAMClient(settings(region));
    const asked = client.send(new GetRoleCommand({ RoleName: broker.roleName }));
    expect((await asked).Role?.RoleName).toBe(broker.roleName);
  },
);

it.each([[{ down: "us-west-2" }], [{ down: ["eu-north-1"] }], [{ down: [], up: [] }]])(
  "A body without a list of the sandbox's regions is refused, and changes nothing: %j",
  (body) => {
    down("eu-west-1");
    const answer = outage.serve("PUT", Buffer.from(JSON.stringify(body)));
    expect([answer.status, outage.isDown("eu-west-1")]).toEqual([400, true]);
    expect(outage.serve("POST", Buffer.from("{}")).status).toBe(405);
  },
);
