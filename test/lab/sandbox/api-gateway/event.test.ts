import { describe, expect, it } from "vitest";
import {
  clfTime,
  type GatewayRequest,
  gatewayEvent,
} from "../../../../lab/sandbox/api-gateway/event.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";

const NOW = new Date("2026-11-04T10:07:09.123Z");

const event = (request: Partial<GatewayRequest> = {}, caller?: Caller) =>
  gatewayEvent(
    {
      method: "POST",
      target: "/v1/requests/7",
      headers: { host: "127.0.0.1:8080", "user-agent": "curl/8" },
      body: Buffer.alloc(0),
      sourceIp: "127.0.0.1",
      httpVersion: "1.1",
      ...request,
    },
    {
      accountId: "111122223333",
      apiId: "abcdefghij",
      stage: "$default",
      routeKey: "POST /v1/requests/{id}",
      pathParameters: { id: "7" },
      requestId: "ZhLNpgotDoEEJUQ=",
      now: NOW,
      ...(caller ? { caller } : {}),
    },
  );

describe("an event of payload format 2.0", () => {
  it("An event of payload format 2.0 has everything that the format says, and nothing that has no value", () => {
    expect(event()).toEqual({
      version: "2.0",
      routeKey: "POST /v1/requests/{id}",
      rawPath: "/v1/requests/7",
      rawQueryString: "",
      headers: { host: "127.0.0.1:8080", "user-agent": "curl/8" },
      requestContext: {
        accountId: "111122223333",
        apiId: "abcdefghij",
        domainName: "127.0.0.1:8080",
        domainPrefix: "abcdefghij",
        http: {
          method: "POST",
          path: "/v1/requests/7",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "curl/8",
        },
        requestId: "ZhLNpgotDoEEJUQ=",
        routeKey: "POST /v1/requests/{id}",
        stage: "$default",
        time: "04/Nov/2026:10:07:09 +0000",
        timeEpoch: NOW.getTime(),
      },
      pathParameters: { id: "7" },
      isBase64Encoded: false,
    });
  });

  it("An event of payload format 2.0 names an IAM caller by the session's ARN, without the role's path", () => {
    const caller: Caller = {
      arn: "arn:aws:sts::111122223333:assumed-role/alice/alice",
      principalArn: "arn:aws:iam::111122223333:role/people/alice",
      accountId: "111122223333",
      userId: "AROAALICE:alice",
      accessKeyId: "ASIAALICE",
    };
    expect(event({}, caller).requestContext["authorizer"]).toEqual({
      iam: {
        accessKey: "ASIAALICE",
        accountId: "111122223333",
        callerId: "AROAALICE:alice",
        cognitoIdentity: null,
        principalOrgId: null,
        userArn: "arn:aws:sts::111122223333:assumed-role/alice/alice",
        userId: "AROAALICE:alice",
      },
    });
  });

  it("An event of payload format 2.0 joins repeated query parameters and headers by commas, and sets cookies apart", () => {
    const made = event({
      target: "/v1/requests/7?a=1&b=x%20y&a=2",
      headers: { "x-many": ["1", "2"] as unknown as string, cookie: "a=1; b=2" },
    });
    expect(made).toMatchObject({
      rawQueryString: "a=1&b=x%20y&a=2",
      queryStringParameters: { a: "1,2", b: "x y" },
      headers: { "x-many": "1,2" },
      cookies: ["a=1", "b=2"],
    });
    expect(made.headers).not.toHaveProperty("cookie");
  });

  it.each([
    ["application/json", false],
    ["application/problem+json; charset=utf-8", false],
    ["text/plain", false],
    [undefined, false],
    ["application/x-www-form-urlencoded", true],
    ["application/octet-stream", true],
  ])("A body of type %s is in base64 in the event: %s", (contentType, encoded) => {
    const body = Buffer.from("payload=ü");
    const made = event({ body, headers: contentType ? { "content-type": contentType } : {} });
    expect(made.isBase64Encoded).toBe(encoded);
    expect(made.body).toBe(encoded ? body.toString("base64") : "payload=ü");
  });
});

it("The Common Log Format's time has two digits and an English month", () => {
  expect(clfTime(new Date("2026-01-02T03:04:05Z"))).toBe("02/Jan/2026:03:04:05 +0000");
});
