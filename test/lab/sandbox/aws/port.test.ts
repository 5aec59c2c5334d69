import http from "node:http";
import { DescribeClusterCommand, EKSClient, ListClustersCommand } from "@aws-sdk/client-eks";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { AwsClient } from "aws4fetch";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { CallRecord } from "../../../../lab/sandbox/aws/dispatch.ts";
import { AwsError, type Call, type Service } from "../../../../lab/sandbox/aws/service.ts";
import { stsService } from "../../../../lab/sandbox/aws/sts/service.ts";
import { HOSTILE_TEXT, rawIn } from "../../../hostile-characters.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  type RunningPort,
  role,
  statement,
} from "./iam-world.ts";

const broker = role("broker", { policy: document(statement("*")) });
const other = role("other", { policy: document(statement("eks:DescribeCluster")) });
const iam = iamStore(broker, other);

const runs: Call[] = [];
const run = (call: Call) => {
  runs.push(call);
  return { operation: call.operation, input: call.input };
};
const eks: Service = {
  name: "eks",
  protocol: {
    kind: "rest-json",
    errorMember: "message",
    routes: [
      { method: "GET", path: "/clusters/{name}", operation: "DescribeCluster" },
      {
        method: "GET",
        path: "/clusters",
        operation: "ListClusters",
        query: { maxResults: { member: "maxResults", type: "number" } },
      },
      { method: "DELETE", path: "/clusters/{name}", operation: "DeleteCluster" },
      {
        method: "POST",
        path: "/clusters/{clusterName}/access-entries/{principalArn}/access-policies",
        operation: "AssociateAccessPolicy",
      },
    ],
  },
  operations: {
    DescribeCluster: {
      permissions: ({ name }) => [
        {
          action: "eks:DescribeCluster",
          resource: `arn:aws:eks:us-west-2:${ACCOUNT}:cluster/${name}`,
        },
      ],
      run: (call) => {
        runs.push(call);
        if (call.input["name"] === "missing")
          throw new AwsError("ResourceNotFoundException", 404, "No cluster found.", {
            clusterName: "missing",
          });
        if (call.input["name"] === "defect") throw new TypeError("a defect of the sandbox");
        if (call.input["name"] === "hostile") throw new TypeError(HOSTILE_TEXT);
        return { cluster: { name: call.input["name"], createdAt: 1712914519.564 } };
      },
    },
    ListClusters: { permissions: () => [{ action: "eks:ListClusters", resource: "*" }], run },
    AssociateAccessPolicy: { permissions: () => [], run },
  },
};
const sqs: Service = {
  name: "sqs",
  protocol: {
    kind: "json",
    version: "1.0",
    targetPrefixes: ["AmazonSQS."],
    queryError: true,
    errorNamespace: "com.amazonaws.sqs#",
  },
  operations: {
    SendMessage: { permissions: () => [], run },
    GetQueueUrl: {
      permissions: () => [],
      run: () => {
        throw new AwsError(
          "QueueDoesNotExist",
          400,
          "The specified queue does not exist.",
          {},
          "AWS.SimpleQueueService.NonExistentQueue",
        );
      },
    },
  },
};

let port: RunningPort;
const calls: CallRecord[] = [];
beforeAll(async () => {
  port = await listen({
    services: [eks, sqs, stsService(iam)],
    iam,
    onCall: (call) => calls.push(call),
  });
});
afterEach(() => {
  runs.length = 0;
  calls.length = 0;
});
afterAll(() => port.close());

const client = (of = broker, more = {}) =>
  new EKSClient({ ...clientConfig(port.url, of), ...more });
const describeCluster = (name: string, of = broker) =>
  client(of).send(new DescribeClusterCommand({ name }));
const send = async (service: string, path: string, init: RequestInit = {}, more = {}) => {
  const { credentials } = clientConfig(port.url, broker);
  const signer = new AwsClient({
    ...credentials,
    service,
    region: "us-west-2",
    retries: 0,
    ...more,
  });
  const response = await signer.fetch(`${port.url}${path}`, init);
  return { response, text: await response.text() };
};
describe("REST-JSON", () => {
  test("REST-JSON answers 200 with the operation's output", async () => {
    const { cluster, $metadata } = await describeCluster("prod");
    expect(cluster).toMatchObject({ name: "prod", createdAt: new Date(1712914519564) });
    expect($metadata.requestId).toBe(runs[0]?.requestId);
  });

  test("REST-JSON decodes each label once, an ARN's slashes and percent signs included", async () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/people/a%2Fb`;
    const path = `/clusters/prod/access-entries/${encodeURIComponent(arn)}/access-policies`;
    const { response, text } = await send("eks", path, {
      method: "POST",
      body: '{"policyArn":"p"}',
    });
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      operation: "AssociateAccessPolicy",
      input: { clusterName: "prod", principalArn: arn, policyArn: "p" },
    });
  });

  test("REST-JSON takes query parameters by their types", async () => {
    await client().send(new ListClustersCommand({ maxResults: 7, nextToken: "unread" }));
    expect(runs[0]?.input).toEqual({ maxResults: 7 });
  });

  test("REST-JSON refuses with the error's name in a header and its members in the body", async () => {
    const { response, text } = await send("eks", "/clusters/missing");
    expect(response.status).toBe(404);
    expect(response.headers.get("x-amzn-errortype")).toBe("ResourceNotFoundException");
    expect(response.headers.get("x-amzn-requestid")).toBe(runs[0]?.requestId);
    expect(JSON.parse(text)).toEqual({ message: "No cluster found.", clusterName: "missing" });
    await expect(describeCluster("missing")).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      clusterName: "missing",
    });
  });

  test.each([
    [
      "an operation that is routed and not emulated",
      "DELETE",
      "/clusters/prod",
      "eks:DeleteCluster is not emulated by the sandbox.",
    ],
    [
      "a path that no operation has",
      "POST",
      "/clusters/prod/node-groups",
      "POST /clusters/prod/node-groups is not an operation that the sandbox emulates.",
    ],
  ])("REST-JSON refuses by name %s", async (_what, method, path, message) => {
    const { response, text } = await send("eks", path, { method });
    expect(response.headers.get("x-amzn-errortype")).toBe("UnknownOperationException");
    expect(JSON.parse(text)).toEqual({ message });
  });

  test("REST-JSON refuses a body that is not JSON", async () => {
    const path = "/clusters/prod/access-entries/a/access-policies";
    const { response } = await send("eks", path, { method: "POST", body: "{" });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toBe("SerializationException");
  });
});

describe("AWS JSON", () => {
  const json = (operation: string, body = "{}") =>
    send("sqs", "/", {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": `AmazonSQS.${operation}`,
      },
      body,
    });

  test("AWS JSON finds the operation in X-Amz-Target", async () => {
    const { response, text } = await json("SendMessage", '{"MessageBody":"☂"}');
    expect(response.headers.get("content-type")).toBe("application/x-amz-json-1.0");
    expect(JSON.parse(text)).toEqual({ operation: "SendMessage", input: { MessageBody: "☂" } });
  });

  test("AWS JSON refuses under __type, and under SQS's older name in a header", async () => {
    const { response, text } = await json("GetQueueUrl");
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-query-error")).toBe(
      "AWS.SimpleQueueService.NonExistentQueue;Sender",
    );
    expect(JSON.parse(text)).toEqual({
      __type: "com.amazonaws.sqs#QueueDoesNotExist",
      message: "The specified queue does not exist.",
    });
  });

  test("AWS JSON refuses by name what is not emulated", async () => {
    expect(JSON.parse((await json("PurgeQueue")).text)).toEqual({
      __type: "com.amazon.coral.service#UnknownOperationException",
      message: "sqs:PurgeQueue is not emulated by the sandbox.",
    });
  });
});

describe("query", () => {
  test("The query protocol answers XML with the request's id in the metadata", async () => {
    const { response, text } = await send("sts", "/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    const requestId = response.headers.get("x-amzn-requestid");
    expect(text).toBe(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::${ACCOUNT}:assumed-role/broker/session</Arn><UserId>${broker.roleId}:session</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
  });

  test("The query protocol refuses by name what is not emulated, as XML", async () => {
    const { response, text } = await send("sts", "/", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "Action=GetSessionToken&Tags.member.1.Key=a",
    });
    expect(response.status).toBe(400);
    expect(text).toContain(
      "<Error><Type>Sender</Type><Code>InvalidAction</Code><Message>sts:GetSessionToken is not emulated by the sandbox.</Message></Error>",
    );
    expect(calls[0]?.input).toEqual({ Tags: [{ Key: "a" }] });
  });
});

describe("a signature", () => {
  test("A signature is asked for, in the form that the request speaks", async () => {
    const rest = await fetch(`${port.url}/clusters/prod`);
    expect(rest.status).toBe(403);
    expect(rest.headers.get("x-amzn-errortype")).toBe("MissingAuthenticationTokenException");
    const json = await fetch(port.url, {
      method: "POST",
      headers: { "x-amz-target": "AmazonSQS.SendMessage" },
    });
    expect(json.status).toBe(400);
    expect(await json.json()).toMatchObject({
      __type: "com.amazon.coral.service#MissingAuthenticationTokenException",
    });
    const query = await fetch(`${port.url}/?Action=GetCallerIdentity`);
    expect(query.status).toBe(403);
    expect(await query.text()).toContain("<Code>MissingAuthenticationToken</Code>");
    expect(runs).toEqual([]);
  });

  test.each([
    ["an unknown key", { accessKeyId: "ASIANOBODY" }, "UnrecognizedClientException"],
    ["another session's token", { sessionToken: "other" }, "UnrecognizedClientException"],
    ["another secret", { secretAccessKey: "other" }, "InvalidSignatureException"],
  ])("A signature with %s is refused", async (_what, change, name) => {
    const credentials = { ...clientConfig(port.url, broker).credentials, ...change };
    const eksClient = client(broker, { credentials });
    await expect(
      eksClient.send(new DescribeClusterCommand({ name: "prod" })),
    ).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 403 },
    });
    const sts = new STSClient({ ...clientConfig(port.url, broker), credentials });
    await expect(sts.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: name === "InvalidSignatureException" ? "SignatureDoesNotMatch" : "InvalidClientTokenId",
    });
    expect(runs).toEqual([]);
  });

  test("A signature without its session token is refused", async () => {
    const { accessKeyId, secretAccessKey } = credential(broker);
    const eksClient = client(broker, { credentials: { accessKeyId, secretAccessKey } });
    await expect(
      eksClient.send(new DescribeClusterCommand({ name: "prod" })),
    ).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
  });

  test("A signature of an expired session is refused", async () => {
    const key = credential(broker);
    iam.state.credentials["ASIAEXPIRED"] = {
      ...key,
      accessKeyId: "ASIAEXPIRED",
      expiration: "2026-01-01T00:00:00.000Z",
    };
    const credentials = {
      ...clientConfig(port.url, broker).credentials,
      accessKeyId: "ASIAEXPIRED",
    };
    await expect(
      client(broker, { credentials }).send(new DescribeClusterCommand({ name: "prod" })),
    ).rejects.toMatchObject({ name: "ExpiredTokenException" });
  });

  test("A signature for another region, and for a service that is not there, is refused", async () => {
    const region = await send("eks", "/clusters/prod", {}, { region: "eu-west-1" });
    expect(JSON.parse(region.text).message).toMatch(
      /Credential should be scoped to a valid region/,
    );
    const service = await send("s3", "/bucket");
    expect(JSON.parse(service.text).message).toBe(
      "The service 's3' is not emulated by the sandbox.",
    );
  });
});

describe("a call", () => {
  test("A call that no policy allows is not run", async () => {
    await expect(client(other).send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
      $metadata: { httpStatusCode: 403 },
    });
    expect(runs).toEqual([]);
  });

  test("A call is recorded once it is finished, answered or refused", async () => {
    await describeCluster("prod");
    await describeCluster("missing").catch(() => undefined);
    await client(other)
      .send(new ListClustersCommand({}))
      .catch(() => undefined);
    expect(calls).toMatchObject([
      {
        service: "eks",
        operation: "DescribeCluster",
        input: { name: "prod" },
        caller: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/broker/session` },
        status: 200,
        output: { cluster: { name: "prod" } },
        region: "us-west-2",
        userAgent: expect.stringContaining("aws-sdk-js"),
        sourceIp: "127.0.0.1",
      },
      { status: 404, errorCode: "ResourceNotFoundException", errorMessage: "No cluster found." },
      { status: 403, errorCode: "AccessDeniedException", operation: "ListClusters" },
    ]);
  });

  test("A call that fails by a defect is a 500, reported on standard error and not to the caller", async () => {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const { response, text } = await send("eks", "/clusters/defect");
    expect(response.status).toBe(500);
    expect(response.headers.get("x-amzn-errortype")).toBe("InternalFailure");
    expect(text).not.toContain("a defect");
    expect(stderr.mock.calls.join("")).toContain("TypeError: a defect of the sandbox");
    stderr.mockRestore();
  });

  test("A defect is reported without a raw hidden character", async () => {
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await send("eks", "/clusters/hostile");
    const reported = stderr.mock.calls.join("");
    stderr.mockRestore();
    expect(reported).toContain("eks:DescribeCluster failed unexpectedly");
    expect(rawIn(reported, "\n")).toEqual([]);
  });
});

test("A body over 20 MB is cut off", async () => {
  const request = http.request(port.url, { method: "POST", agent: false });
  const failed = new Promise((done) => request.once("error", done));
  for (let sent = 0; sent < 24; sent += 1) request.write(Buffer.alloc(1024 * 1024));
  request.end();
  expect(await failed).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) });
});
