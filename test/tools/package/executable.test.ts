/** The command as one executable. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { packExecutable } from "../../../tools/package/executable.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-executable-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Other systems pack by the recipe of docs/installing.md. */
const PACKS = process.platform === "linux";
if (PACKS) await packExecutable(folder);

const timelatch = (...args: string[]) =>
  spawnSync(path.join(folder, "executable", "timelatch"), args, {
    cwd: folder,
    encoding: "utf8",
    env: { HOME: folder },
  });

describe("packing an executable", () => {
  it("On another system than Linux it refuses, and names the recipe", async () => {
    const system = Object.getOwnPropertyDescriptor(process, "platform");
    Object.defineProperty(process, "platform", { ...system, value: "darwin" });
    try {
      await expect(packExecutable(folder)).rejects.toThrow(
        /this is darwin\. It was not packed\. docs\/installing\.md has the recipe/,
      );
    } finally {
      Object.defineProperty(process, "platform", system ?? {});
    }
  });
});

const ofLinux = () => {
  it("The executable says its version and its help where no Node.js is on the path", () => {
    const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    expect(timelatch("--version")).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
    const help = timelatch("--help");
    expect(help).toMatchObject({ status: 0, stderr: "" });
    expect(help.stdout).toMatch(/^Usage: timelatch \[options\] \[command\]\n/);
  });

  it("The executable loads the parts of a command that it loads late", () => {
    expect(timelatch("policy", "check", path.join(ROOT, "access.yaml"))).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("no errors and no warnings"),
    });
  });

  it("The executable refuses a wrong command with the command's own exit code", () => {
    expect(timelatch("aprove")).toMatchObject({ status: 2, stdout: "" });
  });

  it("Beside the executable lie the licences of everything in it, and nothing that it was made of", () => {
    const files = readdirSync(path.join(folder, "executable")).sort();
    const ofNode = path.resolve(process.execPath, "../../LICENSE");
    expect(files).toEqual([
      "LICENSE",
      ...(existsSync(ofNode) ? ["NODE-LICENSE.txt"] : []),
      "THIRD-PARTY-LICENSES.txt",
      "timelatch",
    ]);
  });
};

if (PACKS) describe("the executable", ofLinux);
