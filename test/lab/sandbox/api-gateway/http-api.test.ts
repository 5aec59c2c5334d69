import http from "node:http";
import type { AddressInfo } from "node:net";
import { AwsClient } from "aws4fetch";
import { describe, expect, it, onTestFinished } from "vitest";
import { accessLogLine, unknownVariables } from "../../../../lab/sandbox/api-gateway/access-log.ts";
import { httpApi } from "../../../../lab/sandbox/api-gateway/http-api.ts";
import { AuthenticationRefusal } from "../../../../lab/sandbox/aws/authentication-refusal.ts";
import { decide } from "../../../../lab/sandbox/aws/authorize.ts";
import { authenticate } from "../../../../lab/sandbox/aws/identities.ts";
import { FunctionError } from "../../../../lab/sandbox/lambda/function-error.ts";
import type { LambdaFunction } from "../../../../lab/sandbox/lambda/lambda-function.ts";
import type { FunctionPermission } from "../../../../lab/sandbox/template/stack.ts";
import { credential, document, iamStore, role, statement } from "../aws/iam-world.ts";

const ACCOUNT = "111122223333";
const REGION = "us-west-2";
const ARN = `arn:aws:execute-api:${REGION}:${ACCOUNT}:abc`;
const FN = "arn:aws:lambda:us-west-2:111122223333:function:api";

/** Every variable that the sandbox emulates, but its own time and how long it took. */
const FORMAT =
  "$context.identity.userArn|$context.routeKey|$context.path|$context.status|$context.responseLength|$context.error.message";

const alice = role("alice", {
  path: "/people/",
  policy: document(statement("execute-api:Invoke", `${ARN}/$default/*/v1/*`)),
});
const mallory = role("mallory");

interface Setup {
  readonly invoke?: (event: never) => Promise<unknown>;
  readonly permissions?: readonly FunctionPermission[];
  readonly timeoutMs?: number;
}

/** An API on a port, whose function answers its event. */
async function api({ invoke, permissions, timeoutMs = 5000 }: Setup = {}) {
  const iam = iamStore(alice, mallory);
  const logs: string[] = [];
  const calls: string[] = [];
  const server = http.createServer(
    { maxHeaderSize: 64 * 1024 },
    httpApi({
      api: {
        id: "abc",
        stage: "$default",
        routes: [
          { routeKey: "GET /v1/requests/{id}", authorization: "AWS_IAM" },
          { routeKey: "POST /v1/requests", authorization: "AWS_IAM" },
          { routeKey: "GET /open", authorization: "NONE" },
        ].map((route) => ({
          ...(route as { routeKey: string; authorization: "AWS_IAM" | "NONE" }),
          functionArn: FN,
          timeoutMs,
        })),
      },
      account: ACCOUNT,
      region: REGION,
      permissions: permissions ?? [
        { functionArn: FN, principal: "apigateway.amazonaws.com", sourceArn: `${ARN}/*/*` },
      ],
      functionOf: () =>
        ({ invoke: invoke ?? (async (event: unknown) => event) }) as unknown as LambdaFunction,
      authenticate(request) {
        try {
          const { caller, signature } = authenticate(iam, request, new Date());
          return signature.service === "execute-api" ? caller : undefined;
        } catch (error) {
          if (error instanceof AuthenticationRefusal) return undefined;
          throw error;
        }
      },
      allows: async (caller, check) =>
        (await decide(iam.state, caller, check, new Date())) === "Allowed",
      log: (line) => void logs.push(line),
      logCall: (call) => void calls.push(accessLogLine(FORMAT, call)),
    }),
  );
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, logs, calls };
}

const client = (of = alice, service = "execute-api") => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(of, "session");
  return new AwsClient({
    accessKeyId,
    secretAccessKey,
    sessionToken,
    service,
    region: REGION,
    retries: 0,
  });
};

const answered = async (response: Response) => [response.status, await response.json()];

describe("an HTTP API", () => {
  it("An HTTP API gives the function the caller, and answers what it answers", async () => {
    const { url } = await api();
    const response = await client().fetch(`${url}/v1/requests/7?x=1`);
    expect(response.headers.get("apigw-requestid")).toMatch(/^[A-Za-z0-9+/]{15}=$/);
    expect(await answered(response)).toEqual([
      200,
      expect.objectContaining({
        routeKey: "GET /v1/requests/{id}",
        pathParameters: { id: "7" },
        requestContext: expect.objectContaining({
          authorizer: {
            iam: expect.objectContaining({
              userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/alice/session`,
              userId: `${alice.roleId}:session`,
            }),
          },
        }),
      }),
    ]);
  });

  it("An HTTP API passes a signed body on unchanged", async () => {
    const { url } = await api();
    const response = await client().fetch(`${url}/v1/requests`, {
      method: "POST",
      body: '{"reason":"ü"}',
      headers: { "content-type": "application/json" },
    });
    expect(await response.json()).toMatchObject({ body: '{"reason":"ü"}', isBase64Encoded: false });
  });

  it("An open route takes callers without a signature", async () => {
    const { url } = await api();
    const event = await (await fetch(`${url}/open`)).json();
    expect(event).not.toHaveProperty("requestContext.authorizer");
  });
});

describe("the gateway refuses in its own form", () => {
  it.each([
    ["an unsigned request", (url: string) => fetch(url)],
    ["a signature for another service", (url: string) => client(alice, "sts").fetch(url)],
    ["a caller whom no policy allows", (url: string) => client(mallory).fetch(url)],
  ])("The gateway refuses %s with 403", async (_what, ask) => {
    const { url } = await api();
    expect(await answered(await ask(`${url}/v1/requests/7`))).toEqual([
      403,
      { message: "Forbidden" },
    ]);
  });

  it("The gateway refuses an unknown path with 404", async () => {
    const { url } = await api();
    expect(await answered(await client().fetch(`${url}/v2`))).toEqual([
      404,
      { message: "Not Found" },
    ]);
  });

  it("The gateway refuses headers over 10,240 bytes with 431", async () => {
    const { url } = await api();
    const response = await fetch(`${url}/open`, { headers: { "x-long": "x".repeat(10_300) } });
    expect(response.status).toBe(431);
  });

  it("The gateway refuses a body over 10 MB, or over Lambda's limit, with 413", async () => {
    const { url } = await api();
    for (const size of [11_000_000, 6_400_000]) {
      const response = await client().fetch(`${url}/v1/requests`, {
        method: "POST",
        body: "x".repeat(size),
      });
      expect(await answered(response)).toEqual([413, { message: "Request Entity Too Large" }]);
    }
  });
});

describe("a function that does not answer", () => {
  const failing = (handled: boolean) => ({
    invoke: () => {
      throw new FunctionError("api", { errorType: "Error", errorMessage: "secret" }, handled);
    },
  });

  it("A function that throws is answered as 500, without its error", async () => {
    const { url, logs } = await api(failing(true));
    expect(await answered(await fetch(`${url}/open`))).toEqual([
      500,
      { message: "Internal Server Error" },
    ]);
    expect(logs).toEqual(["GET /open: api: Error: secret"]);
  });

  it("A function that crashes is answered as 503", async () => {
    const { url } = await api(failing(false));
    expect(await answered(await fetch(`${url}/open`))).toEqual([
      503,
      { message: "Service Unavailable" },
    ]);
  });

  it("A function that exceeds the integration's time is answered as 503", async () => {
    const { url } = await api({ invoke: () => new Promise(() => {}), timeoutMs: 50 });
    expect((await fetch(`${url}/open`)).status).toBe(503);
  });

  it("A function that the API may not invoke is answered as 500, and the log says why", async () => {
    const { url, logs } = await api({ permissions: [] });
    expect((await fetch(`${url}/open`)).status).toBe(500);
    expect(logs[0]).toContain("no AWS::Lambda::Permission lets the API invoke");
  });
});

describe("The access log of an HTTP API", () => {
  it("Each call is a line, whoever answered it, and what it does not have is a dash", async () => {
    const { url, calls } = await api({ invoke: async () => ({ statusCode: 201, body: "seven" }) });
    const alices = `arn:aws:sts::${ACCOUNT}:assumed-role/alice/session`;
    await client().fetch(`${url}/v1/requests/7?x=1`);
    await client(mallory).fetch(`${url}/v1/requests/7`);
    await fetch(`${url}/open`);
    await fetch(`${url}/nowhere`);
    await expect
      .poll(() => calls)
      .toEqual([
        `${alices}|GET /v1/requests/{id}|/v1/requests/7|201|5|-`,
        "-|GET /v1/requests/{id}|/v1/requests/7|403|23|Forbidden",
        "-|GET /open|/open|201|5|-",
        "-|-|/nowhere|404|23|Not Found",
      ]);
  });

  it("A function that fails, and headers beyond the quota, are in it too", async () => {
    const { url, calls } = await api({
      invoke: async () => {
        throw new FunctionError("api", { errorType: "Error", errorMessage: "secret" }, false);
      },
    });
    await fetch(`${url}/open`);
    await fetch(`${url}/open`, { headers: { "x-large": "x".repeat(11_000) } });
    await expect
      .poll(() => calls.map((line) => line.split("|").slice(2)))
      .toEqual([
        ["/open", "503", "33", "Service Unavailable"],
        ["/open", "431", "45", "Request Header Fields Too Large"],
      ]);
  });

  it("Its time is that of web servers' logs, and an id is that of the answer", async () => {
    const call = {
      requestId: "id=",
      now: new Date("2026-12-03T04:05:06.789Z"),
      sourceIp: "127.0.0.1",
      path: "/",
      answer: { status: 200, headers: {}, body: Buffer.from("") },
      milliseconds: 12.6,
    };
    const format =
      "$context.requestId $context.identity.sourceIp [$context.requestTime] $context.responseLatency";
    expect(accessLogLine(format, call)).toBe("id= 127.0.0.1 [03/Dec/2026:04:05:06 +0000] 13");
    expect(unknownVariables(`${format} $context.authorizer.error`)).toEqual(["authorizer.error"]);
  });
});
