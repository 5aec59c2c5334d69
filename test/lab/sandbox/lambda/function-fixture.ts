/** Tiny functions, run for real. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import {
  type LambdaFunction,
  lambdaFunction,
} from "../../../../lab/sandbox/lambda/lambda-function.ts";
import { startReaper } from "../../../../lab/sandbox/process/reaper.ts";
import type { FunctionResource } from "../../../../lab/sandbox/template/stack.ts";

export interface FunctionFixture {
  readonly fn: LambdaFunction;
  readonly logs: string[];
  /** Access keys, in the order they were leased and given back. */
  readonly leased: string[];
  readonly released: string[];
}

/** A function whose `index.mjs` is `code`. It is stopped when the test has finished. */
export function functionOf(
  code: string,
  resource: Partial<FunctionResource> = {},
  options: {
    readonly concurrency?: number;
    readonly credentialSeconds?: number;
    readonly clockMs?: number;
    readonly reserved?: () => number | undefined;
  } = {},
): FunctionFixture {
  const codeDir = mkdtempSync(path.join(tmpdir(), "function-"));
  writeFileSync(path.join(codeDir, "index.mjs"), code);
  const reaper = startReaper();
  const logs: string[] = [];
  const leased: string[] = [];
  const released: string[] = [];
  const fn = lambdaFunction({
    fn: {
      name: "tiny",
      arn: "arn:aws:lambda:us-west-2:111122223333:function:tiny",
      codeDir,
      handler: "index.handler",
      runtime: "nodejs24.x",
      timeoutSeconds: 20,
      memoryMb: 128,
      environment: {},
      roleArn: "arn:aws:iam::111122223333:role/tiny",
      logFormat: "JSON",
      logGroup: "/aws/lambda/tiny",
      asyncRetries: 2,
      ...resource,
    },
    concurrency: options.concurrency ?? 2,
    surroundings: {
      region: "us-west-2",
      awsUrl: "http://127.0.0.1:4566",
      slackApiUrl: "http://127.0.0.1:4567/api",
      outsideOrigin: "http://127.0.0.1:4568/",
    },
    clockMs: options.clockMs ?? 0,
    ...(options.reserved ? { reserved: options.reserved } : {}),
    reaper,
    lease() {
      const accessKeyId = `ASIA${leased.length}`;
      leased.push(accessKeyId);
      return {
        accessKeyId,
        secretAccessKey: "secret",
        sessionToken: "token",
        expiration: new Date(Date.now() + (options.credentialSeconds ?? 3600) * 1000).toISOString(),
        release: () => void released.push(accessKeyId),
      };
    },
    log: (line) => void logs.push(line),
  });
  onTestFinished(async () => {
    await fn.stop();
    reaper.close();
  });
  return { fn, logs, leased, released };
}
