import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isFirstOfKubectl, kubectlIsInteractive } from "../../../cli/kubernetes/kubectl-run.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-kubectl-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const asked = (interactive: boolean) => ({
  KUBERNETES_EXEC_INFO: JSON.stringify({ kind: "ExecCredential", spec: { interactive } }),
  XDG_CACHE_HOME: folder,
});

describe("The kubectl that asks for a token", () => {
  it.each([
    [asked(true), true],
    [asked(false), false],
    [{ KUBERNETES_EXEC_INFO: "{}" }, false],
    [{ KUBERNETES_EXEC_INFO: "no JSON" }, false],
    [{}, true],
  ])("With %j it lets somebody be asked: %s", (env, may) => {
    expect(kubectlIsInteractive(env)).toBe(may);
  });

  it("It asks for the first time once, for each cluster and each process", async () => {
    const first = (cluster: string, parent: number) =>
      isFirstOfKubectl(asked(true), cluster, parent);
    expect(await first("prod", 1)).toBe(true);
    expect(await first("prod", 1)).toBe(false);
    expect(await first("staging", 1)).toBe(true);
    expect(await first("prod", 2)).toBe(true);
    expect(await first("prod", 2)).toBe(false);
  });

  it("Without kubectl, or a folder to keep it in, each is the first", async () => {
    for (const env of [
      { XDG_CACHE_HOME: folder },
      { ...asked(true), XDG_CACHE_HOME: "/dev/null/x" },
    ])
      for (let n = 0; n < 2; n += 1) expect(await isFirstOfKubectl(env, "prod", 3)).toBe(true);
  });
});
