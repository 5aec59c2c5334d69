import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { createTable, engineClient } from "../../../../../lab/sandbox/aws/dynamodb/create-table.ts";
import {
  sharedEngineUrl,
  startLocalEngine,
} from "../../../../../lab/sandbox/aws/dynamodb/local-engine.ts";
import { freePort, listen } from "../../../../../lab/sandbox/process/network-ports.ts";
import { REGION } from "../iam-world.ts";

const TABLE = {
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  Replicas: [{}],
} as const;
const KEY = { pk: { S: "REQ#1" } };

describe("the engine's process", () => {
  const alive = (at: number) =>
    new Promise<boolean>((done) => {
      http
        .get({ port: at, host: "127.0.0.1", agent: false }, (response) => {
          response.resume();
          done(true);
        })
        .once("error", () => done(false));
    });
  const gone = async (at: number) => {
    for (let tries = 0; tries < 400 && (await alive(at)); tries += 1) await pause(25);
    return !(await alive(at));
  };

  test("The engine ends with the process that started it, even by SIGKILL", {
    timeout: 600_000,
  }, async () => {
    const at = await freePort();
    const module = path.resolve("lab/sandbox/aws/dynamodb/local-engine.ts");
    const parent = spawn(
      process.execPath,
      [
        "--input-type=module",
        "--eval",
        `const { startLocalEngine } = await import(${JSON.stringify(module)});
         await startLocalEngine({ port: ${at} }); console.log("up"); setInterval(() => {}, 1000);`,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    await new Promise((done) => parent.stdout.once("data", done));
    expect(await alive(at)).toBe(true);
    parent.kill("SIGKILL");
    expect(await gone(at)).toBe(true);
  });

  test("The engine keeps its items over a stop and a start", async () => {
    const kept = mkdtempSync(path.join(tmpdir(), "dynamodb-local-"));
    const first = await startLocalEngine({ port: await freePort(), directory: kept });
    await createTable(engineClient(first.url, REGION), "requests", TABLE);
    const put = new PutItemCommand({ TableName: "requests", Item: KEY });
    await engineClient(first.url, REGION).send(put);
    await first.stop();
    expect(await alive(first.port)).toBe(false);
    const second = await startLocalEngine({ port: await freePort(), directory: kept });
    const get = new GetItemCommand({ TableName: "requests", Key: KEY });
    expect((await engineClient(second.url, REGION).send(get)).Item).toEqual(KEY);
    await second.stop();
    rmSync(kept, { recursive: true });
  });

  test("Sandboxes that share an engine have tables of their own, until their folder is emptied", {
    timeout: 600_000,
  }, async () => {
    const engine = await startLocalEngine({ port: await freePort(), separates: true });
    const folders = ["one", "two"].map((name) =>
      path.join(mkdtempSync(path.join(tmpdir(), "shared-engine-")), name),
    );
    const clientOf = (folder = "") => engineClient(sharedEngineUrl(engine.url, folder), REGION);
    const get = new GetItemCommand({ TableName: "requests", Key: KEY });
    const [one, two] = folders;
    for (const folder of folders) await createTable(clientOf(folder), "requests", TABLE);
    await clientOf(one).send(new PutItemCommand({ TableName: "requests", Item: KEY }));
    expect((await clientOf(one).send(get)).Item).toEqual(KEY);
    expect((await clientOf(two).send(get)).Item).toBeUndefined();
    rmSync(one ?? "", { recursive: true });
    await expect(clientOf(one).send(get)).rejects.toThrow("non-existent table");
    await engine.stop();
  });

  test("The engine does not start on a port that is taken", async () => {
    const taken = http.createServer();
    const port = await listen(taken, 0);
    await expect(startLocalEngine({ port })).rejects.toThrow(`port ${port} cannot be listened on`);
    taken.close();
  });

  test("Without Java, the error says what to install", async () => {
    const before = process.env["PATH"];
    const empty = mkdtempSync(path.join(tmpdir(), "no-java-"));
    symlinkSync("/bin/sh", path.join(empty, "sh"));
    process.env["PATH"] = empty;
    try {
      await expect(startLocalEngine({ port: await freePort() })).rejects.toThrow(
        /Java 17 or newer.*default-jre-headless.*brew install openjdk.*Temurin/s,
      );
    } finally {
      process.env["PATH"] = before;
      rmSync(empty, { recursive: true });
    }
  });
});
