import { describe, expect, it } from "vitest";
import { Throttled } from "../../../../lab/sandbox/lambda/throttled.ts";
import { functionOf } from "./function-fixture.ts";

const PID = "export const handler = async () => process.pid;";

describe("a function", () => {
  it("A function answers what its handler answers, for the event and the context it was given", async () => {
    const { fn } = functionOf(`export const handler = async (event, context) => ({
      event, arn: context.invokedFunctionArn, inTime: context.getRemainingTimeInMillis() > 0 });`);
    expect(await fn.invoke({ a: "ü" })).toEqual({
      event: { a: "ü" },
      arn: "arn:aws:lambda:us-west-2:111122223333:function:tiny",
      inTime: true,
    });
  });

  it("A function answers null where its handler answers nothing", async () => {
    const { fn } = functionOf("export const handler = async () => {};");
    expect(await fn.invoke(1)).toBeNull();
  });

  it("A function's environment has Lambda's and the template's variables, and no others", async () => {
    process.env["SANDBOX_SECRET"] = "ours";
    const { fn } = functionOf("export const handler = async () => process.env;", {
      environment: { TABLE: "requests" },
    });
    const env = (await fn.invoke(1)) as Record<string, string>;
    expect(env).toMatchObject({
      TABLE: "requests",
      AWS_REGION: "us-west-2",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      SLACK_API_URL: "http://127.0.0.1:4567/api",
      OUTSIDE_ORIGIN: "http://127.0.0.1:4568/",
      AWS_ACCESS_KEY_ID: "ASIA0",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "tiny",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/tiny",
      TZ: ":UTC",
    });
    expect(env).not.toHaveProperty("SANDBOX_SECRET");
  });

  it("A function keeps its process from one event to the next", async () => {
    const { fn } = functionOf(PID);
    expect(await fn.invoke(1)).toBe(await fn.invoke(2));
  });

  it("A function is called timelatch:<name> among the machine's processes", async () => {
    const { fn } = functionOf("export const handler = async () => process.title;");
    expect(await fn.invoke(1)).toBe("timelatch:tiny");
  });

  it("A function logs what it writes, a line at a time", async () => {
    const { fn, logs } = functionOf("export const handler = async () => console.log('hello');");
    await fn.invoke(1);
    await expect.poll(() => logs.map((line) => JSON.parse(line).message)).toEqual(["hello"]);
  });
});

describe("a function with reserved concurrency", () => {
  it("A function with a reserved concurrency of 0 is not started, and those that wait are refused", async () => {
    let reserved: number | undefined = 1;
    const { fn } = functionOf(PID, {}, { reserved: () => reserved });
    const pid = await fn.invoke(1);
    const running = fn.invoke(2);
    const waiting = fn.invoke(3);
    reserved = 0;
    expect(await running).toBe(pid);
    await expect(waiting).rejects.toThrow(Throttled);
    await expect(fn.invoke(4)).rejects.toThrow(
      "tiny: TooManyRequestsException: Rate Exceeded: its reserved concurrency is 0",
    );
    reserved = undefined;
    expect(await fn.invoke(5)).toBe(pid);
  });

  it("A function with a reserved concurrency of 1 runs one event after another", async () => {
    const { fn } = functionOf(
      `let running = 0; export const handler = async () => {
        running += 1; await new Promise((resolve) => setTimeout(resolve, 20)); running -= 1;
        return [process.pid, running]; };`,
      {},
      { concurrency: 4, reserved: () => 1 },
    );
    const answers = await Promise.all([1, 2, 3].map((event) => fn.invoke(event)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });
});

describe("a function whose clock is off", () => {
  const TELLING = `export const handler = async (event, context) => {
    const made = new Date();
    return {
      now: Date.now(), made: made.getTime(), said: Date.parse(Date()),
      left: context.getRemainingTimeInMillis(),
      asTold: new Date(event).toISOString(), parsed: Date.parse(event), utc: Date.UTC(2026, 0),
      isDate: made instanceof Date && made.constructor === Date && new (class extends Date {})() instanceof Date,
    }; };`;
  const EVENT = "2026-11-24T10:00:00.000Z";

  it.each([5_000, -5_000, 0])(
    "A function whose clock is off is %i ms ahead in all that is now, and nowhere else",
    async (clockMs) => {
      const { fn } = functionOf(TELLING, { timeoutSeconds: 20 }, { clockMs });
      const before = Date.now() + clockMs;
      const reply = (await fn.invoke(EVENT)) as Record<string, number>;
      const after = Date.now() + clockMs;
      for (const name of ["now", "made"]) {
        expect(reply[name]).toBeGreaterThanOrEqual(before);
        expect(reply[name]).toBeLessThanOrEqual(after);
      }
      // Without its milliseconds.
      expect(reply["said"]).toBeGreaterThanOrEqual(before - 1_000);
      expect(reply["said"]).toBeLessThanOrEqual(after);
      // Its deadline is by its own clock: it has all of its time.
      expect(reply["left"]).toBeLessThanOrEqual(20_000);
      expect(reply["left"]).toBeGreaterThan(16_000);
      expect(reply).toMatchObject({
        asTold: EVENT,
        parsed: Date.parse(EVENT),
        utc: Date.UTC(2026, 0),
        isDate: true,
      });
    },
  );
});

describe("a function that fails", () => {
  it("A function that throws reports its error, and goes on in the same process", async () => {
    const { fn } = functionOf(`export const handler = async (event) => {
      if (event === "throw") throw new TypeError("no table"); return process.pid; };`);
    const pid = await fn.invoke(1);
    await expect(fn.invoke("throw")).rejects.toMatchObject({
      payload: { errorType: "TypeError", errorMessage: "no table" },
      handled: true,
    });
    expect(await fn.invoke(1)).toBe(pid);
  });

  it("A function is killed at its timeout, even in an endless loop, and starts again", async () => {
    const { fn } = functionOf(
      "export const handler = async (event) => { if (event === 'hang') for (;;); return process.pid; };",
      { timeoutSeconds: 1 },
    );
    const pid = await fn.invoke(1);
    await expect(fn.invoke("hang")).rejects.toMatchObject({
      payload: {
        errorType: "Sandbox.Timedout",
        errorMessage: expect.stringMatching(/Task timed out after 1\.00 seconds$/),
      },
      handled: false,
    });
    expect(await fn.invoke(1)).not.toBe(pid);
  });

  it("A function that crashes ends by itself, and starts again", async () => {
    const { fn } = functionOf(
      "export const handler = async (event) => { if (event === 'die') process.exit(3); return process.pid; };",
    );
    const pid = await fn.invoke(1);
    await expect(fn.invoke("die")).rejects.toMatchObject({
      payload: {
        errorType: "Runtime.ExitError",
        errorMessage: expect.stringMatching(/Runtime exited with error: exit status 3$/),
      },
      handled: false,
    });
    expect(await fn.invoke(1)).not.toBe(pid);
  });

  it("A function whose module throws at its start reports that error", async () => {
    const { fn } = functionOf("throw new Error('TABLE is not set');");
    await expect(fn.invoke(1)).rejects.toMatchObject({
      payload: { errorType: "Error", errorMessage: "TABLE is not set" },
      handled: false,
    });
  });

  it("A function whose module is missing names it", async () => {
    const { fn } = functionOf("", { handler: "other.handler" });
    await expect(fn.invoke(1)).rejects.toMatchObject({
      payload: { errorType: "Runtime.ImportModuleError" },
    });
  });

  it("A function with an answer over Lambda's limit gets an error that says so", async () => {
    const { fn } = functionOf("export const handler = async () => 'x'.repeat(7_000_000);");
    await expect(fn.invoke(1)).rejects.toMatchObject({
      payload: { errorType: "Function.ResponseSizeTooLarge" },
    });
  });
});

describe("a function's environments", () => {
  const SLOW = `export const handler = async () => {
    await new Promise((resolve) => setTimeout(resolve, 300)); return process.pid; };`;

  it("A function's environments are as many as events run at once, up to the limit; the others wait", async () => {
    const { fn, leased } = functionOf(SLOW, {}, { concurrency: 2 });
    const pids = await Promise.all([1, 2, 3, 4, 5].map((event) => fn.invoke(event)));
    expect(new Set(pids).size).toBe(2);
    expect(leased).toHaveLength(2);
  });

  it("A function's environments each have a session of their own, given back with the environment", async () => {
    const { fn, released } = functionOf("export const handler = async () => process.exit(1);");
    await expect(fn.invoke(1)).rejects.toThrow();
    await expect(fn.invoke(1)).rejects.toThrow();
    expect(released).toEqual(["ASIA0", "ASIA1"]);
  });

  it("A function's environments are replaced before their session ends", async () => {
    const { fn, leased } = functionOf(PID, {}, { credentialSeconds: 60 });
    expect(await fn.invoke(1)).not.toBe(await fn.invoke(2));
    expect(leased).toEqual(["ASIA0", "ASIA1"]);
  });

  it("A function's environments end with the function: waiting events are refused, running ones are killed", async () => {
    const { fn, released } = functionOf(SLOW, {}, { concurrency: 1 });
    const refused = [1, 2].map((event) => expect(fn.invoke(event)).rejects.toThrow());
    await expect.poll(() => released.length).toBe(0);
    await fn.stop();
    await Promise.all(refused);
    expect(released).toEqual(["ASIA0"]);
    await expect(fn.invoke(3)).rejects.toThrow("the sandbox is stopping");
  });
});
