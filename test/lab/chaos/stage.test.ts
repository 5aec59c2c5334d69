/** How a run begins and ends: nothing keeps it alive, and what went wrong with it is said. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { reportOf, reportText } from "../../../lab/chaos/report.ts";
import { ensureStarted } from "../../../lab/chaos/stage/ensure-started.ts";
import { withLastLines } from "../../../lab/chaos/stage/last-lines.ts";
import { failureOf } from "../../../lab/chaos/stage/run-plan.ts";
import { controlSandbox, type SandboxControl } from "../../../lab/chaos/stage/sandbox-control.ts";
import { unlessAborted, watched } from "../../../lab/chaos/stage/unless-aborted.ts";
import { type SandboxProcess, startSandboxProcess } from "../../e2e/sandbox-process.ts";
import { at, CLEAN } from "./clean-run.ts";

/** Linux has no process id above 4,194,304, so no process has this one. */
const NO_PID = 2 ** 30;
const sandbox = (pid: number, stopped: number[]) =>
  ({
    pid,
    log: () => `log of ${pid}\n`,
    stop: async () => stopped.push(pid),
  }) as unknown as SandboxProcess;

describe("The end of a run", () => {
  it("Watchers are stopped where the run fails", async () => {
    const stopped: string[] = [];
    const watcher = (name: string) => ({ stop: async () => void stopped.push(name) });
    const failing = () => Promise.reject(new Error("ECONNREFUSED"));
    await expect(watched([watcher("entries"), watcher("pace")], failing)).rejects.toThrow(
      "ECONNREFUSED",
    );
    expect(stopped).toEqual(["entries", "pace"]);
  });

  it("A signal ends the wait for work that never ends", async () => {
    const controller = new AbortController();
    const waiting = unlessAborted(controller.signal, new Promise(() => {}));
    controller.abort(new Error("Interrupted."));
    await expect(waiting).rejects.toThrow("Interrupted.");
  });

  it("A sandbox that is not ready in time is killed, and that is said", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "chaos-stage-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await expect(startSandboxProcess(["--dir", folder], {}, 1)).rejects.toThrow(
      "It was not ready after 1 ms, and was killed.",
    );
  });

  it("An error has the last lines of the sandbox's log", () => {
    const log = Array.from({ length: 99 }, (_, line) => `line ${line + 1}`).join("\n");
    const { message } = withLastLines(new Error("ECONNREFUSED"), log);
    expect(message).toMatch(/^ECONNREFUSED\n.*\nline 70\n(?:line \d+\n){28}line 99$/);
  });

  it("A deed that failed and a start that was repeated are in the report", () => {
    const action = { kind: "stop-tables", seconds: 1, at: 0 } as const;
    const deeds = [{ action, from: at(1), to: at(2), answer: "failed: Error: no" }];
    const seen = { ...CLEAN, deeds, remarks: ["The sandbox did not start."] };
    const said = reportText(reportOf(seen, [], 1));
    expect(said).toContain("stop-tables of 2026-11-28T12:00:01.000Z failed: Error: no\n");
    expect(said).toContain("The sandbox did not start.\n");
  });

  it("A deed that meets no sandbox because that was killed has not failed", () => {
    const control = (pid: number | undefined) => ({ pid: () => pid }) as SandboxControl;
    const error = new Error("fetch failed\nand more");
    expect(failureOf({ control: control(1) }, error)).toBe("failed: Error: fetch failed");
    expect(failureOf({ control: control(undefined) }, error)).toMatch(/^not done: /);
  });
});

describe("The start of a sandbox", () => {
  it("A start that fails is tried once more, and the report says so", async () => {
    const remarks: string[] = [];
    const tries: (readonly string[] | undefined)[] = [];
    const start = async (more?: readonly string[]) => {
      tries.push(more);
      if (tries.length === 1) throw new Error("Port in use\nand its log");
    };
    await ensureStarted({ start }, remarks, ["--clock"]);
    expect(tries).toEqual([["--clock"], ["--clock"]]);
    expect(remarks).toEqual([
      "The sandbox did not start, so it was started once more: Error: Port in use",
    ]);
  });

  it("A sandbox that ended by itself is started again, and one that runs is not", async () => {
    const pids = [NO_PID, process.pid];
    const control = await controlSandbox("", {}, 0, async () => sandbox(pids.shift() ?? 0, []));
    await control.start();
    await control.start();
    expect([control.pid(), pids]).toEqual([process.pid, []]);
    expect(control.log()).toContain(`log of ${NO_PID}`);
  });

  it("Stacks that were adopted are those of every later start, and of none before", async () => {
    const starts: (readonly string[])[] = [];
    const control = await controlSandbox("", {}, 0, async (args) => {
      starts.push(args);
      return sandbox(NO_PID, []);
    });
    control.adopt("restored");
    await control.start(["--clock"]);
    expect(starts.map((args) => args.includes("--assembly"))).toEqual([false, true]);
    expect(starts[1]?.slice(-3)).toEqual(["--assembly", "restored", "--clock"]);
  });

  it("A sandbox that a deed starts while the run ends is stopped, and none starts afterwards", async () => {
    const stopped: number[] = [];
    const late = Promise.withResolvers<SandboxProcess>();
    const starts = [Promise.resolve(sandbox(NO_PID, stopped)), late.promise];
    const control = await controlSandbox("", {}, 0, () => starts.shift() ?? late.promise);
    const starting = control.start();
    const stopping = control.stop();
    late.resolve(sandbox(process.pid, stopped));
    await Promise.all([starting, stopping]);
    expect(stopped).toEqual([process.pid]);
    await expect(control.start()).rejects.toThrow("The run is over. Nothing was started.");
  });
});
