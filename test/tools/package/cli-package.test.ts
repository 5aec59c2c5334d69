/** The files of the command's npm package, and its run on a machine with nothing else. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NODE_CHECK, OLDEST_NODE } from "../../../tools/package/bundle-cli.ts";
import { packCli } from "../../../tools/package/cli-package.ts";
import { licenceTexts } from "../../../tools/package/third-party-licences.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-package-"));
const installed = path.join(folder, "installed");
const packed = path.join(folder, "first", "cli");
const manifestOf = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

let tarball: string;
beforeAll(async () => {
  tarball = await packCli(path.join(folder, "first"));
  mkdirSync(installed);
  execFileSync("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], {
    cwd: installed,
    env: { PATH: process.env["PATH"], HOME: folder },
    stdio: "pipe",
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Has nothing of the checkout. */
const ENVIRONMENT = { PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, HOME: folder };

/** Runs the installed command in its folder. */
const timelatch = (...args: string[]) =>
  spawnSync(path.join(installed, "node_modules", ".bin", "timelatch"), args, {
    cwd: installed,
    encoding: "utf8",
    env: ENVIRONMENT,
  });

describe("the npm package of the command", () => {
  it("The package is a program in two files with its licences, without dependencies, at most 1.38 MB packed", () => {
    const files = readdirSync(packed).sort();
    expect(files).toEqual([
      "LICENSE",
      "README.md",
      "THIRD-PARTY-LICENSES.txt",
      "package.json",
      "timelatch.cjs",
      "timelatch.parts",
    ]);
    const bytes = files.map((file) => statSync(path.join(packed, file)).size);
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(4_500_000);
    expect(statSync(tarball).size).toBeLessThanOrEqual(1_380_000);
    const manifest = manifestOf(path.join(packed, "package.json"));
    expect(Object.keys(manifest).filter((key) => /dependencies|scripts/i.test(key))).toEqual([]);
    expect(readdirSync(path.join(installed, "node_modules")).sort()).toEqual([
      ".bin",
      ".package-lock.json",
      "@timelatch",
    ]);
  });

  it("The package has the repository's version and every command name of it", () => {
    const ours = manifestOf(path.join(ROOT, "package.json"));
    const manifest = manifestOf(path.join(packed, "package.json"));
    expect(manifest).toMatchObject({ name: "@timelatch/cli", version: ours.version });
    expect(Object.keys(manifest.bin)).toEqual(Object.keys(ours.bin));
    expect(new Set(Object.values(manifest.bin))).toEqual(new Set(["timelatch.cjs"]));
  });

  it("The same sources are packed into the same bytes", async () => {
    expect(sha256(await packCli(path.join(folder, "second")))).toBe(sha256(tarball));
  });

  it("The installed command says its version and its help as the checkout does", () => {
    const ours = (...args: string[]) =>
      spawnSync(path.join(ROOT, "cli", "timelatch"), args, { encoding: "utf8" }).stdout;
    expect(timelatch("--version")).toMatchObject({ status: 0, stdout: ours("--version") });
    expect(timelatch("--help")).toMatchObject({ status: 0, stdout: ours("--help"), stderr: "" });
  });

  it("Words that no text was made for are the program's", () => {
    expect(timelatch("help", "nothing")).toMatchObject({ status: 2, stdout: "" });
    expect(timelatch("completion", "tcsh")).toMatchObject({ status: 2, stdout: "" });
  });

  it("In a terminal help is as wide as that, up to 80 columns, as the checkout's", () => {
    const shown = (command: string, columns: number) => {
      const sized = `stty cols ${columns}; '${command}' whoami --help`;
      return spawnSync("script", ["-qec", sized, "/dev/null"], { encoding: "utf8" }).stdout;
    };
    const ours = path.join(ROOT, "cli", "timelatch");
    const program = path.join(installed, "node_modules", ".bin", "timelatch");
    const [narrow, wide, wider] = [70, 80, 200].map((columns) => shown(program, columns));
    expect(narrow).toBe(shown(ours, 70));
    expect(wide).toBe(shown(ours, 80));
    expect(wider).toBe(wide);
    expect(narrow).not.toBe(wide);
  });

  it("The help of kubectl's plugin says what people type", () => {
    const program = path.join(installed, "node_modules", ".bin", "kubectl-timelatch");
    const { stdout } = spawnSync(program, ["list", "--help"], {
      encoding: "utf8",
      env: ENVIRONMENT,
    });
    expect(stdout).toContain("Usage: kubectl timelatch list");
  });

  it("The completion of kubectl's plugin is that of the checkout", () => {
    const words = ["audit", "verify", "--"];
    const plugin = "kubectl_complete-timelatch";
    const ours = spawnSync(path.join(ROOT, "cli", plugin), words, { encoding: "utf8" }).stdout;
    expect(ours).toContain("--key");
    const program = path.join(installed, "node_modules", ".bin", plugin);
    const { status, stdout } = spawnSync(program, words, { encoding: "utf8", env: ENVIRONMENT });
    expect({ status, stdout }).toEqual({ status: 0, stdout: ours });
  });

  it.each([
    ["is missing", () => undefined],
    ["has no index", () => Buffer.from("{}")],
    ["lacks its last byte", (whole: Buffer) => whole.subarray(0, -1)],
  ] as const)(
    "Without a whole file of parts it starts nothing, and says so: it %s",
    (_how, left) => {
      const broken = mkdtempSync(path.join(folder, "broken-"));
      copyFileSync(path.join(packed, "timelatch.cjs"), path.join(broken, "timelatch.cjs"));
      const content = left(readFileSync(path.join(packed, "timelatch.parts")));
      if (content) writeFileSync(path.join(broken, "timelatch.parts"), content);
      const args = [path.join(broken, "timelatch.cjs"), "--version"];
      const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
      expect(stderr).toBe(
        "timelatch: timelatch.parts, which belongs beside the program, is missing or not whole. Nothing was started.\n  Next: install the package again.\n",
      );
    },
  );

  it("The installed command checks a policy, which it reads by parts that it loads late", () => {
    expect(timelatch("policy", "check", path.join(ROOT, "access.yaml"))).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("no errors and no warnings"),
    });
  });

  it("The installed command shows a page as the checkout does, without one", () => {
    const { stdout } = spawnSync(path.join(ROOT, "cli", "timelatch"), ["docs", "runbook"], {
      encoding: "utf8",
    });
    expect(stdout).toContain("## ");
    expect(timelatch("docs", "runbook")).toMatchObject({ status: 0, stdout, stderr: "" });
  });

  it("The program names no path of the machine that packed it", () => {
    for (const file of ["timelatch.cjs", "timelatch.parts"])
      expect(readFileSync(path.join(packed, file), "utf8")).not.toContain(ROOT);
  });

  it("The program holds no validator of JSON Schema, which nothing in it calls", () => {
    const program = readFileSync(path.join(packed, "timelatch.parts"), "utf8");
    expect(program.includes("ajv-validator")).toBe(false);
  });
});

describe("the oldest Node.js of the packed command", () => {
  /** The output and exit code of the check under a version. */
  const checked = (version: string) => {
    const said = { text: "", code: undefined as number | undefined };
    const process = {
      version: `v${version}`,
      versions: { node: version },
      stderr: { write: (text: string) => (said.text += text) },
      exit: (code: number) => {
        said.code = code;
      },
    };
    new Function("process", NODE_CHECK)(process);
    return said;
  };

  it.each(["20.19.0", "22.11.9", "18.0.0"])("Node.js %s is refused in words", (version) => {
    expect(checked(version)).toEqual({
      code: 1,
      text: `timelatch: it needs Node.js 22.13 or newer; this is v${version}. Nothing was started.\n  Next: install a newer one: https://nodejs.org\n`,
    });
  });

  it.each(["22.13.0", "23.0.0", "24.21.0", "26.1.2"])("Node.js %s is accepted", (version) => {
    expect(checked(version)).toEqual({ code: undefined, text: "" });
  });

  it("The package and its README name the same Node.js as the check", () => {
    const oldest = OLDEST_NODE.join(".");
    expect(manifestOf(path.join(packed, "package.json")).engines.node).toBe(`>=${oldest}`);
    expect(readFileSync(path.join(packed, "README.md"), "utf8")).toContain(`Node.js ${oldest}`);
  });
});

describe("licences of what is bundled", () => {
  it("Every package in the program is named with its version, its licence and the text", () => {
    const texts = readFileSync(path.join(packed, "THIRD-PARTY-LICENSES.txt"), "utf8");
    for (const name of ["commander", "yaml", "zod", "@aws-sdk/credential-provider-login"]) {
      const { version, license } = manifestOf(
        path.join(ROOT, "node_modules", name, "package.json"),
      );
      expect(texts).toContain(`${name} ${version} (${license})`);
    }
    expect(texts).toMatch(/Permission is hereby granted/);
    expect(texts).toMatch(/TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/);
  });

  it("A bundle with a licence that asks for more than its text is refused", () => {
    expect(() => licenceTexts("x", ["node_modules/@cloud-copilot/iam-simulate/dist/x.js"])).toThrow(
      /holds @cloud-copilot\/iam-simulate, whose licence is AGPL-3\.0.*Nothing was packed/,
    );
  });

  it("Files of ours need no licence in the list, and nested packages have one", () => {
    expect(licenceTexts("x", ["cli/main.ts"])).not.toContain("---");
    expect(licenceTexts("x", ["node_modules/zod/mini/index.js"])).toContain("zod 4");
  });
});
