/** Lambda's API, as the AWS SDK for JavaScript calls it. */
import { createServer } from "node:http";
import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetEventSourceMappingCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { lambdaService } from "../../../../../lab/sandbox/aws/lambda/service.ts";
import {
  emptyLambdaState,
  isEnabled,
  reservedConcurrencyOf,
} from "../../../../../lab/sandbox/aws/lambda/state.ts";
import { awsPort } from "../../../../../lab/sandbox/aws/port.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { listen } from "../../../../../lab/sandbox/process/network-ports.ts";
import { initialIam, profileCredential } from "../../../../../lab/sandbox/world/people.ts";

const PLACE = { account: "111122223333", region: "us-west-2" };
const arnOf = (name: string) => `arn:aws:lambda:us-west-2:111122223333:function:${name}`;
const CONVERGE = { name: "converge", arn: arnOf("converge"), reservedConcurrency: 8 };
const SWEEP = { name: "sweep", arn: arnOf("sweep") };
const QUEUE = "arn:aws:sqs:us-west-2:111122223333:timelatch-converge.fifo";
const UUID = "9d2b7c2e-0000-4000-8000-000000000001";
const MAPPING = { uuid: UUID, queueArn: QUEUE, functionArn: CONVERGE.arn, batchSize: 1 };

const iam = memoryStore(initialIam(new Date()));
let url = "";
let lambda = memoryStore(emptyLambdaState());
beforeAll(async () => {
  const server = createServer();
  url = `http://127.0.0.1:${await listen(server, 0)}`;
  server.on("request", (request, response) =>
    awsPort({
      iam,
      region: PLACE.region,
      services: [
        lambdaService({
          ...PLACE,
          lambda,
          functions: () => [CONVERGE, SWEEP],
          eventSources: () => [MAPPING],
          invoker: { run: () => Promise.reject(new Error("no run")), queue: () => undefined },
        }),
      ],
    })(request, response),
  );
});
beforeEach(() => {
  lambda = memoryStore(emptyLambdaState());
});

function as(person: string): LambdaClient {
  const found = profileCredential(iam.state, person);
  if (!found) throw new Error(`There is no ${person}.`);
  const { accessKeyId, secretAccessKey, sessionToken = "" } = found;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  return new LambdaClient({ endpoint: url, region: PLACE.region, credentials, maxAttempts: 1 });
}

const reservedOf = async (FunctionName: string) =>
  (await as("admin").send(new GetFunctionConcurrencyCommand({ FunctionName })))
    .ReservedConcurrentExecutions;
const put = (FunctionName: string, ReservedConcurrentExecutions: number, person = "admin") =>
  as(person).send(
    new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }),
  );

describe("a function's reserved concurrency", () => {
  it("A function has the reserved concurrency of its template until somebody sets another one, or deletes it", async () => {
    expect(await reservedOf("converge")).toBe(8);
    expect((await put("converge", 0)).ReservedConcurrentExecutions).toBe(0);
    expect(await reservedOf(CONVERGE.arn)).toBe(0);
    expect(reservedConcurrencyOf(lambda.state, CONVERGE)).toBe(0);
    await as("admin").send(new DeleteFunctionConcurrencyCommand({ FunctionName: "converge" }));
    expect(await reservedOf("converge")).toBeUndefined();
    expect(reservedConcurrencyOf(lambda.state, CONVERGE)).toBeUndefined();
  });

  it("Reserved concurrency is taken from the account's, and 100 always stay for others", async () => {
    await put("sweep", 892);
    const { AccountLimit } = await as("admin").send(new GetAccountSettingsCommand({}));
    expect(AccountLimit?.UnreservedConcurrentExecutions).toBe(100);
    await expect(put("sweep", 893)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: expect.stringContaining("below its minimum value of [100]"),
    });
    expect(await reservedOf("sweep")).toBe(892);
  });

  it.each([-1, 1.5])(
    "A reserved concurrency of %d is refused, and nothing changes",
    async (wrong) => {
      await expect(put("sweep", wrong)).rejects.toMatchObject({
        name: "InvalidParameterValueException",
      });
      expect(lambda.state).toEqual(emptyLambdaState());
    },
  );

  it("A function that does not exist is refused by name", async () => {
    await expect(put("convverge", 0)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Function not found: convverge",
    });
    expect(lambda.state).toEqual(emptyLambdaState());
  });

  it("A caller without permission switches nothing off", async () => {
    await expect(put("converge", 0, "mallory")).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    expect(lambda.state).toEqual(emptyLambdaState());
  });
});

describe("an event source mapping", () => {
  const list = (input: { readonly FunctionName?: string; readonly EventSourceArn?: string }) =>
    as("admin").send(new ListEventSourceMappingsCommand(input));
  const update = (Enabled: boolean, person = "admin") =>
    as(person).send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));

  it.each([
    [{}, 1],
    [{ FunctionName: "converge" }, 1],
    [{ FunctionName: "sweep" }, 0],
    [{ EventSourceArn: QUEUE }, 1],
    [{ EventSourceArn: `${QUEUE}x` }, 0],
  ])("The mappings of %j are %d", async (input, count) => {
    expect((await list(input)).EventSourceMappings).toHaveLength(count);
  });

  it("A mapping is enabled until somebody disables it, and again once somebody enables it", async () => {
    const state = async () =>
      (await as("admin").send(new GetEventSourceMappingCommand({ UUID }))).State;
    expect(await state()).toBe("Enabled");
    expect((await update(false)).State).toBe("Disabled");
    expect(await state()).toBe("Disabled");
    expect(isEnabled(lambda.state, UUID)).toBe(false);
    await update(true);
    expect(await state()).toBe("Enabled");
    expect(isEnabled(lambda.state, UUID)).toBe(true);
  });

  it("A mapping or a function that does not exist is refused", async () => {
    const other = new UpdateEventSourceMappingCommand({ UUID: "none", Enabled: false });
    await expect(as("admin").send(other)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(list({ FunctionName: "other" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("A change that is not emulated is refused by name, and nothing changes", async () => {
    const more = new UpdateEventSourceMappingCommand({ UUID, Enabled: false, BatchSize: 5 });
    await expect(as("admin").send(more)).rejects.toThrow("The sandbox does not emulate BatchSize.");
    await expect(
      as("admin").send(new ListEventSourceMappingsCommand({ MaxItems: 5 })),
    ).rejects.toThrow("The sandbox does not emulate MaxItems.");
    expect(lambda.state).toEqual(emptyLambdaState());
  });

  it("A caller without permission disables nothing", async () => {
    await expect(update(false, "mallory")).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(lambda.state).toEqual(emptyLambdaState());
  });
});
