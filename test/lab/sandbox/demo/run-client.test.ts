import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runClient } from "../../../../lab/sandbox/demo/run-client.ts";

const signal = new AbortController().signal;
const env = { PATH: process.env["PATH"] ?? "" };
/** Ended and not yet waited for (`Z`) is ended. */
const isAlive = (pid: number) =>
  /^[^Z]/.test(spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" }).stdout);

describe("a client that the demo runs", () => {
  it("A client that the demo runs yields its output and its exit status", async () => {
    const script = "echo out; echo err >&2; exit 3";
    expect(await runClient("sh", ["-c", script], { env, signal })).toEqual({
      code: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
  });

  it("A client that the demo runs rejects when the program does not exist", async () => {
    await expect(runClient("/nonexistent/kubectl", [], { env, signal })).rejects.toThrow("ENOENT");
  });

  it("A client is killed with its child processes when the demo is interrupted", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "run-client-"));
    const file = path.join(folder, "pid");
    const stopping = new AbortController();
    const script = `sleep 300 & echo $! > ${file}.new && mv ${file}.new ${file}; wait`;
    const run = runClient("sh", ["-c", script], { env, signal: stopping.signal });
    run.catch(() => {});
    await vi.waitUntil(() => existsSync(file), 10_000);
    const grandchild = Number(readFileSync(file, "utf8"));
    rmSync(folder, { recursive: true });
    expect(isAlive(grandchild)).toBe(true);
    stopping.abort(new Error("Interrupted."));
    await expect(run).rejects.toThrow("Interrupted.");
    await vi.waitUntil(() => !isAlive(grandchild), 10_000);
  });
});
