import { mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { choosePorts, freePort, listen } from "../../../../lab/sandbox/process/network-ports.ts";

const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), "ports-")), "ports.json");

describe("the sandbox's ports", () => {
  it("The sandbox's ports are chosen once, all different, and used again", async () => {
    const file = newFile();
    const first = await choosePorts(file, ["aws", "api", "dynamodb"]);
    expect(new Set(Object.values(first)).size).toBe(3);
    expect(await choosePorts(file, ["aws", "api", "dynamodb"])).toEqual(first);
  });

  it("The sandbox's ports are outside those that the system gives to outgoing connections", async () => {
    const ports = Object.values(await choosePorts(newFile(), ["aws", "api", "dynamodb"]));
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(20_000);
      expect(port).toBeLessThan(32_768);
    }
  });

  it("The sandbox's ports pass over one that is in use", async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    const port = await freePort();
    await listen(other, port + 1);
    expect(await freePort()).toBeGreaterThan(port + 1);
  });

  it("The sandbox's ports keep their numbers when another name is added", async () => {
    const file = newFile();
    const { aws } = await choosePorts(file, ["aws"]);
    const both = await choosePorts(file, ["aws", "api"]);
    expect(both.aws).toBe(aws);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(both);
  });

  it("The sandbox's ports are refused, with what to do, where another program listens on one", async () => {
    const file = newFile();
    const { aws } = await choosePorts(file, ["aws"]);
    const other = createServer();
    onTestFinished(() => void other.close());
    await listen(other, aws);
    await expect(choosePorts(file, ["aws"], 200)).rejects.toThrow(
      new RegExp(`Port ${aws}, which the sandbox used for aws before, is taken.*delete ${file}`),
    );
  });

  it("The sandbox's ports are waited for where one is free again within seconds", async () => {
    const file = newFile();
    const { aws } = await choosePorts(file, ["aws"]);
    const other = createServer();
    await listen(other, aws);
    setTimeout(() => other.close(), 300);
    expect(await choosePorts(file, ["aws"])).toEqual({ aws });
  });
});
