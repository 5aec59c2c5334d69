import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { outsideClient } from "../../../shared/outside/outside-client.ts";
import { type Secret, SecretMissing } from "../../../shared/ports/secret.ts";
import { secretOf } from "./answering.ts";

const TOKEN = "token-not-for-logs";
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A client of a service on the loopback interface that answers so. */
async function clientOf(
  answer: RequestListener,
  { token = secretOf(TOKEN), timeoutMs = 5_000 }: { token?: Secret; timeoutMs?: number } = {},
) {
  const listening = createServer(answer);
  server = listening;
  await new Promise<void>((done) => listening.listen(0, "127.0.0.1", done));
  return outsideClient({
    baseUrl: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    token,
    headers: (value) => ({ authorization: `Bearer ${value}` }),
    clock: { now: () => new Date().toISOString() },
    timeoutMs,
  });
}

const failing = async (answer: RequestListener, options?: Parameters<typeof clientOf>[1]) =>
  (await clientOf(answer, options)).get("/x", []).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("a call of a service outside", () => {
  it("An answer comes with its status, as JSON", async () => {
    const client = await clientOf((request, response) => {
      response.writeHead(404).end(JSON.stringify({ asked: request.url }));
    });
    expect(await client.get("/x", [["a[]", "b c"]])).toMatchObject({
      status: 404,
      body: { asked: "/x?a%5B%5D=b+c" },
    });
  });

  it("A redirect is not followed, to whatever host", async () => {
    const paths: (string | undefined)[] = [];
    const error = await failing((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: "/y" }).end();
    });
    expect(error).toMatchObject({ why: "redirected", unknown: "unclear" });
    expect(paths).toEqual(["/x?"]);
  });

  it("An answer of more than a megabyte is left, however long it goes on", async () => {
    const part = Buffer.alloc(64 * 1024, " ");
    let isOver = false;
    const error = await failing((_, response) => {
      response.on("close", () => {
        isOver = true;
      });
      const more = () => {
        while (!isOver && response.write(part));
        if (!isOver) response.once("drain", more);
      };
      more();
    });
    expect(error).toMatchObject({ why: "too-large", unknown: "unclear" });
    await expect.poll(() => isOver).toBe(true);
  });

  it("A service that does not answer in time is unreachable, also in the middle of its answer", async () => {
    const error = await failing((_, response) => void response.write("{"), { timeoutMs: 50 });
    expect(error).toMatchObject({ why: "too-slow", unknown: "unreachable" });
  });

  it("A service whose connection breaks is unreachable", async () => {
    const error = await failing((_, response) => void response.destroy());
    expect(error).toMatchObject({ why: "unreachable", unknown: "unreachable" });
  });

  it.each([
    ["PagerDuty", { "ratelimit-reset": "30" }, { error: { code: 2020 } }, 30],
    ["Jira", { "retry-after": "7" }, {}, 7],
    ["a service that says nothing", {}, "<html>", null],
    ["one that asks for years", { "retry-after": "999999999" }, {}, 3_600],
  ])("A 429 of %s says how long to wait", async (_, headers, body, seconds) => {
    const error = await failing((_request, response) => {
      response.writeHead(429, headers).end(JSON.stringify(body));
    });
    expect(error).toMatchObject({ why: "busy", retryAfterSeconds: seconds });
  });

  it("A 429 of incident.io says it as a date in the body", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString().replace("GMT", "UTC");
    const body = { type: "too_many_requests", rate_limit: { name: "api", retry_after: date } };
    const error = await failing((_, response) => {
      response.writeHead(429).end(JSON.stringify(body));
    });
    expect(error).toMatchObject({ why: "busy", retryAfterSeconds: expect.any(Number) });
    const { retryAfterSeconds } = error as { readonly retryAfterSeconds: number };
    expect(retryAfterSeconds).toBeGreaterThan(1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it("An error of the service's own is failing", async () => {
    const error = await failing((_, response) => void response.writeHead(503).end("no"));
    expect(error).toMatchObject({ why: "failing", unknown: "failing" });
  });

  it("A service whose clock is ten minutes off says nothing about now", async () => {
    const date = new Date(Date.now() - 600_000).toUTCString();
    const error = await failing((_, response) => void response.writeHead(200, { date }).end("{}"));
    expect(error).toMatchObject({ why: "clock-apart", unknown: "unclear" });
  });

  it("A refused token is read again, and a replaced one is used at once", async () => {
    const used: (string | undefined)[] = [];
    const client = await clientOf(
      ({ headers: { authorization } }, response) => {
        used.push(authorization);
        response.writeHead(authorization === "Bearer new" ? 200 : 401).end("{}");
      },
      { token: secretOf("old", "new") },
    );
    expect(await client.get("/x", [])).toMatchObject({ status: 200 });
    expect(used).toEqual(["Bearer old", "Bearer new"]);
  });

  it("A token that stays the same and is refused is asked with once", async () => {
    let calls = 0;
    const error = await failing((_, response) => {
      calls += 1;
      response.writeHead(401).end(JSON.stringify({ message: `bad ${TOKEN}` }));
    });
    expect(error).toMatchObject({ why: "token-refused", unknown: "denied" });
    expect(inspect(error, { depth: 9 })).not.toContain(TOKEN);
    expect(calls).toBe(1);
  });

  it.each([
    ["token-missing", new SecretMissing("Parameter x is missing.")],
    ["token-unreadable", new Error("AccessDenied for arn:aws:iam::1:role/x")],
  ])("Without a token the service is not called: %s", async (why, cause) => {
    let calls = 0;
    const count: RequestListener = (_, response) => {
      calls += 1;
      response.end("{}");
    };
    const token: Secret = { read: () => Promise.reject(cause), forget: () => {} };
    const error = await failing(count, { token });
    expect(error).toMatchObject({ why, unknown: "denied" });
    expect(inspect(error, { depth: 9 })).not.toContain(cause.message);
    expect(calls).toBe(0);
  });
});
