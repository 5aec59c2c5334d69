import { LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lambdaService } from "../../../../lab/sandbox/aws/lambda/service.ts";
import { emptyLambdaState } from "../../../../lab/sandbox/aws/lambda/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { lambdaFactWake } from "../../../../shared/aws/lambda/lambda-fact-wake.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";

const ARN = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:ticket-sweep`;
const outside = role("outside", { policy: document(statement("lambda:InvokeFunction")) });

const queued: unknown[] = [];
let port: RunningPort;
beforeEach(async () => {
  queued.length = 0;
  const iam = iamStore(outside);
  const service = lambdaService({
    account: ACCOUNT,
    region: REGION,
    lambda: memoryStore(emptyLambdaState()),
    functions: () => [{ name: "ticket-sweep", arn: ARN }],
    eventSources: () => [],
    invoker: {
      run: async () => "throttled",
      queue: (arn, event) => void queued.push([arn, event]),
    },
  });
  port = await listen({ services: [service], iam });
});
afterEach(() => port.close());

describe("the way in which outside wakes ticket-sweep", () => {
  const wake = (name: string | undefined) =>
    lambdaFactWake(
      () => new LambdaClient({ ...clientConfig(port.url, outside), maxAttempts: 1 }),
      name,
    );

  it("It is started with the keys, and nobody waits for its run", async () => {
    await wake("ticket-sweep").ticketsRead(["b", "a"]);
    expect(queued).toEqual([[ARN, { tickets: ["a", "b"] }]]);
  });

  it("Where no rule asks about tickets, nothing is started", async () => {
    await wake(undefined).ticketsRead(["a"]);
    expect(queued).toEqual([]);
  });
});
