/** Lambda's Invoke, as the AWS SDK for JavaScript calls it. */
import { createServer } from "node:http";
import {
  InvokeCommand,
  type InvokeCommandInput,
  type InvokeCommandOutput,
  LambdaClient,
} from "@aws-sdk/client-lambda";
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { FunctionInvoker } from "../../../../../lab/sandbox/aws/lambda/context.ts";
import { lambdaService } from "../../../../../lab/sandbox/aws/lambda/service.ts";
import { emptyLambdaState } from "../../../../../lab/sandbox/aws/lambda/state.ts";
import { awsPort } from "../../../../../lab/sandbox/aws/port.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { asyncInvoker } from "../../../../../lab/sandbox/lambda/async-invoke.ts";
import { listen } from "../../../../../lab/sandbox/process/network-ports.ts";
import { functionInvoker } from "../../../../../lab/sandbox/stack/broker.ts";
import { initialIam, profileCredential } from "../../../../../lab/sandbox/world/people.ts";
import { functionOf } from "../../lambda/function-fixture.ts";

const PLACE = { account: "111122223333", region: "us-west-2" };
const ARN = "arn:aws:lambda:us-west-2:111122223333:function:tiny";

/** The invocations and queued events of an account without functions, each with its answer. */
const asked: (readonly [how: "run" | "queue", arn: string, event: unknown])[] = [];
const RECORDING: FunctionInvoker = {
  run: async (arn, event) => {
    asked.push(["run", arn, event]);
    return { payload: null, isFunctionError: false };
  },
  queue: (arn, event) => void asked.push(["queue", arn, event]),
};

const iam = memoryStore(initialIam(new Date()));
const logged: string[] = [];
let url = "";
let invoker = RECORDING;
beforeAll(async () => {
  const server = createServer();
  url = `http://127.0.0.1:${await listen(server, 0)}`;
  server.on(
    "request",
    awsPort({
      iam,
      region: PLACE.region,
      services: [
        lambdaService({
          ...PLACE,
          lambda: memoryStore(emptyLambdaState()),
          functions: () => [{ name: "tiny", arn: ARN }],
          eventSources: () => [],
          invoker: {
            run: (arn, event) => invoker.run(arn, event),
            queue: (arn, event) => invoker.queue(arn, event),
          },
        }),
      ],
      onCall: ({ input }) => void logged.push(JSON.stringify(input)),
    }),
  );
});
beforeEach(() => {
  invoker = RECORDING;
  asked.length = 0;
  logged.length = 0;
});

function invoke(
  input: Partial<InvokeCommandInput> = {},
  person = "admin",
): Promise<InvokeCommandOutput> {
  const found = profileCredential(iam.state, person);
  if (!found) throw new Error(`There is no ${person}.`);
  const { accessKeyId, secretAccessKey, sessionToken = "" } = found;
  const credentials = { accessKeyId, secretAccessKey, sessionToken };
  const settings = { endpoint: url, region: PLACE.region, credentials, maxAttempts: 1 };
  return new LambdaClient(settings).send(new InvokeCommand({ FunctionName: "tiny", ...input }));
}

/** Takes the place of the recorder until the test has finished. Answers the lines of its log. */
function run(...given: Parameters<typeof functionOf>): readonly string[] {
  const { fn } = functionOf(...given);
  const lines: string[] = [];
  const later = asyncInvoker(0.01, (line) => void lines.push(line));
  onTestFinished(() => later.stop());
  invoker = functionInvoker(() => fn, later);
  return lines;
}

describe("an invocation of a function that runs", () => {
  const CODE = `export const handler = async (event) => {
    if (event === "hang") for (;;);
    if (event === "throw") throw new TypeError("no table");
    return { event, now: Date.now() }; };`;
  const AHEAD_MS = 3_600_000;

  it("An invocation answers what the function answers, by its own clock, or the error that it ended with", async () => {
    run(CODE, { timeoutSeconds: 1 }, { clockMs: AHEAD_MS });
    const before = Date.now() + AHEAD_MS;
    const answer = await invoke({ Payload: ` {"a": "ü"}` });
    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer.FunctionError).toBeUndefined();
    const { event, now } = JSON.parse(answer.Payload?.transformToString() ?? "");
    expect(event).toEqual({ a: "ü" });
    expect(now).toBeGreaterThanOrEqual(before);

    const failed = await invoke({ Payload: `"throw"` });
    expect(failed).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(failed.Payload?.transformToString() ?? "")).toMatchObject({
      errorType: "TypeError",
      errorMessage: "no table",
      trace: expect.arrayContaining(["TypeError: no table"]),
    });

    const late = await invoke({ Payload: `"hang"` });
    expect(late).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(late.Payload?.transformToString() ?? "")).toEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
    });
  });

  it("An invocation of a function with a reserved concurrency of 0 is throttled, and an event is dropped", async () => {
    const lines = run(CODE, {}, { reserved: () => 0 });
    await expect(invoke()).rejects.toMatchObject({
      name: "TooManyRequestsException",
      Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
      $metadata: { httpStatusCode: 429 },
    });
    expect(await invoke({ InvocationType: "Event" })).toMatchObject({ StatusCode: 202 });
    await expect.poll(() => lines).toEqual([expect.stringContaining("dropped an event")]);
  });
});

describe("the kinds of invocations", () => {
  it.each([
    ["its name", "tiny"],
    ["its ARN", ARN],
  ])("A function is invoked by %s", async (_what, FunctionName) => {
    expect((await invoke({ FunctionName, Payload: "[1]" })).StatusCode).toBe(200);
    expect(asked).toEqual([["run", ARN, [1]]]);
  });

  it("An invocation without a payload has an empty object as its event, and one may ask for no log", async () => {
    const answer = await invoke({ InvocationType: "RequestResponse", LogType: "None" });
    expect(answer.Payload?.transformToString()).toBe("null");
    expect(asked).toEqual([["run", ARN, {}]]);
  });

  it("An event is queued, and its sender learns only that", async () => {
    const answer = await invoke({ InvocationType: "Event", Payload: `"x"` });
    expect(answer.StatusCode).toBe(202);
    expect(answer.ExecutedVersion).toBeUndefined();
    expect(answer.Payload?.length ?? 0).toBe(0);
    expect(asked).toEqual([["queue", ARN, "x"]]);
  });

  it("A dry run runs nothing", async () => {
    expect((await invoke({ InvocationType: "DryRun" })).StatusCode).toBe(204);
    expect(asked).toEqual([]);
  });

  it("The payload of a call is logged by its size", async () => {
    await invoke({ Payload: `"a secret"` });
    expect(logged).toEqual([`{"Payload":"10 bytes","FunctionName":"tiny"}`]);
  });
});

describe("an invocation that is refused", () => {
  /** JSON of this number of bytes. */
  const text = (bytes: number) => `"${"x".repeat(bytes - 2)}"`;

  it.each([
    ["RequestResponse", 6_291_456],
    ["DryRun", 6_291_456],
    ["Event", 1_048_576],
  ] as const)("The payload of %s has %d bytes at most", async (InvocationType, most) => {
    await invoke({ InvocationType, Payload: text(most) });
    await expect(invoke({ InvocationType, Payload: text(most + 1) })).rejects.toMatchObject({
      name: "RequestTooLargeException",
      $metadata: { httpStatusCode: 413 },
    });
    expect(asked).toHaveLength(InvocationType === "DryRun" ? 0 : 1);
  });

  it.each([
    ["no JSON", Buffer.from("{")],
    ["no UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ])("A payload that is %s is refused", async (_what, Payload) => {
    await expect(invoke({ Payload })).rejects.toMatchObject({
      name: "InvalidRequestContentException",
      $metadata: { httpStatusCode: 400 },
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ["Qualifier", { Qualifier: "$LATEST" }],
    ["LogType Tail", { LogType: "Tail" }],
    ["ClientContext", { ClientContext: "e30=" }],
    ["DurableExecutionName", { DurableExecutionName: "one" }],
    ["TenantId", { TenantId: "one" }],
  ] as const)("%s is refused by name", async (name, member) => {
    await expect(invoke(member)).rejects.toMatchObject({
      name: "InvalidParameterValueException",
      message: `The sandbox does not emulate ${name}.`,
    });
    expect(asked).toEqual([]);
  });

  it("An invocation type that Lambda does not have is refused", async () => {
    await expect(invoke({ InvocationType: "toString" as "Event" })).rejects.toThrow(
      "InvocationType 'toString' is not one of RequestResponse, Event, DryRun.",
    );
    expect(asked).toEqual([]);
  });

  it.each(["tinny", `${ARN}:1`, "111122223333:function:tiny"])(
    "The function %s is not found",
    async (FunctionName) => {
      await expect(invoke({ FunctionName })).rejects.toMatchObject({
        name: "ResourceNotFoundException",
        message: `Function not found: ${FunctionName}`,
        $metadata: { httpStatusCode: 404 },
      });
      expect(asked).toEqual([]);
    },
  );

  it.each(["RequestResponse", "Event", "DryRun"] as const)(
    "%s needs lambda:InvokeFunction on the function",
    async (InvocationType) => {
      await expect(invoke({ InvocationType }, "mallory")).rejects.toMatchObject({
        name: "AccessDeniedException",
        message: expect.stringContaining(`lambda:InvokeFunction on resource: ${ARN}`),
      });
      expect(asked).toEqual([]);
    },
  );
});
