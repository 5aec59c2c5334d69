import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Template } from "aws-cdk-lib/assertions";
import { afterAll, describe, expect, it } from "vitest";
import { inRepository } from "../../infra/synth/repository.ts";
import { SANDBOX } from "../../infra/synth/settings.ts";
import { type DeploymentSize, deploymentFile } from "../../lab/bench/deploy/deployment-file.ts";
import { brokerStack, SAMPLE } from "./broker.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-synth-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The variables that the functions read. */
const VARIABLES = Object.fromEntries([
  ...Object.values(Template.fromStack(brokerStack()).findResources("AWS::Lambda::Function"))
    .flatMap(({ Properties }) => Object.keys(Properties.Environment.Variables))
    .map((name) => [name, "arn:aws:x:us-west-2:111122223333:y"]),
  ["SETTINGS", JSON.stringify(SANDBOX.broker)],
  ["AWS_REGION", "us-west-2"],
]);

function synth(env: Record<string, string>) {
  return spawnSync(process.execPath, [inRepository("infra", "app.ts")], {
    cwd: inRepository(),
    encoding: "utf8",
    // No AWS credentials, and nowhere to look for them. Runs share the cache of compiled code.
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...{ HOME: folder, TMPDIR: folder },
      ...env,
    },
  });
}

describe("npm run synth", () => {
  const outdir = path.join(folder, "out");
  mkdirSync(path.join(outdir, "asset.old"), { recursive: true });
  writeFileSync(path.join(outdir, "access.json"), "{}");
  // Synthesis for production writes a record beside the policy.
  const access = path.join(folder, "access.yaml");
  copyFileSync(inRepository("access.yaml"), access);
  const run = synth({ CDK_OUTDIR: outdir, TIMELATCH_ACCESS: access });
  const bundles = globSync(path.join(outdir, "asset.*"));

  it("synthesis reports what it made in one line", () => {
    expect(run.stderr).not.toContain("ERROR");
    expect(run.stdout).toMatch(
      /^Synthesized Timelatch \(production settings, 8 rules for 3 clusters\) .*\n$/,
    );
    expect(run.status).toBe(0);
  });

  it("neither CloudFormation's schemas nor cdk-nag have a finding that nobody explained", () => {
    const report = JSON.parse(readFileSync(path.join(outdir, "validation-report.json"), "utf8"));
    expect(report).toMatchObject({ title: "Validation Report", pluginReports: [] });
  });

  it("synthesis removes the files of an earlier run", () => {
    expect(existsSync(path.join(outdir, "asset.old"))).toBe(false);
  });

  it("each bundle holds the compiled policy", () => {
    expect(bundles.length).toBeGreaterThan(0);
    for (const bundle of bundles)
      expect(JSON.parse(readFileSync(path.join(bundle, "access.json"), "utf8"))).toEqual(
        JSON.parse(JSON.stringify(SAMPLE)),
      );
  });

  it("the description of the API is beside the code that answers it, and nowhere else", () => {
    const described = bundles.filter((bundle) => existsSync(path.join(bundle, "openapi.json")));
    expect(described).toHaveLength(1);
    const [api = ""] = described;
    expect(readFileSync(path.join(api, "openapi.json"), "utf8")).toBe(
      readFileSync(inRepository("docs/openapi.json"), "utf8"),
    );
    expect(readFileSync(path.join(api, "index.mjs"), "utf8")).toContain("./openapi.json");
  });

  it("each bundle loads without installed packages", () => {
    for (const bundle of bundles) {
      const load = `const { handler } = await import(${JSON.stringify(pathToFileURL(path.join(bundle, "index.mjs")))}); process.stdout.write(typeof handler);`;
      const file = path.join(folder, "load.mjs");
      writeFileSync(file, load);
      const loaded = spawnSync(process.execPath, [file], {
        encoding: "utf8",
        env: { ...VARIABLES, PATH: process.env["PATH"] },
      });
      expect(loaded).toMatchObject({ stdout: "function", status: 0 });
    }
  });
});

describe("a policy file that cannot be used", () => {
  it("a fault is reported with file, line and column, and the earlier output stays", () => {
    const outdir = path.join(folder, "kept");
    mkdirSync(outdir);
    writeFileSync(path.join(outdir, "access.json"), "{}");
    const file = path.join(folder, "wrong.yaml");
    const text = readFileSync(inRepository("access.yaml"), "utf8");
    writeFileSync(file, text.replace("breakGlass: true", "breakGlas: true"));
    const line = text.split("\n").findIndex((one) => one.includes("breakGlass: true")) + 1;
    const run = synth({ CDK_OUTDIR: outdir, TIMELATCH_ACCESS: file });
    expect(run.stderr).toContain(`wrong.yaml:${line}:5 rules.6.breakGlas: Unknown key.`);
    expect(run.stdout).toBe("");
    expect(run.status).toBe(1);
    expect(readFileSync(path.join(outdir, "access.json"), "utf8")).toBe("{}");
  });

  it("a missing policy file is named, with the variable that names another", () => {
    const run = synth({ CDK_OUTDIR: path.join(folder, "none"), TIMELATCH_ACCESS: "no-such.yaml" });
    expect(run.stderr).toContain("no-such.yaml cannot be read");
    expect(run.stderr).toContain("TIMELATCH_ACCESS");
    expect(run.status).toBe(1);
  });
});

describe("a policy with a role that two people hold", () => {
  it("synthesis warns on standard error, also where it then fails for another reason", () => {
    const file = path.join(folder, "shared.yaml");
    const text = readFileSync(inRepository("access.yaml"), "utf8");
    const principals = (name: string) =>
      `principals: ["arn:aws:iam::111122223333:role/people/${name}"]`;
    writeFileSync(file, text.replace(principals("heidi"), principals("mallory")));
    const run = synth({
      CDK_OUTDIR: path.join(folder, "shared"),
      TIMELATCH_ACCESS: file,
      CDK_DEFAULT_ACCOUNT: "999999999999",
      CDK_DEFAULT_REGION: "us-west-2",
    });
    expect(run.stderr).toContain(
      "Warning: arn:aws:iam::111122223333:role/people/mallory is a principal of mallory, heidi.",
    );
    expect(run.stderr).toContain("Check CDK_DEFAULT_ACCOUNT.");
  });
});

describe("a policy that is too large for IAM", () => {
  it("synthesis fails before it writes anything, and leaves the earlier output", () => {
    const outdir = path.join(folder, "too-large");
    mkdirSync(outdir);
    writeFileSync(path.join(outdir, "access.json"), "{}");
    const file = path.join(folder, "large.yaml");
    const size = { rules: 10, people: 1_500, clusters: 20, accounts: 1, principals: "by ARN" };
    writeFileSync(file, deploymentFile(size as DeploymentSize));
    const run = synth({ CDK_OUTDIR: outdir, TIMELATCH_ACCESS: file });
    expect(run.stderr).toContain("is too large for IAM");
    expect(run.status).toBe(1);
    expect(readdirSync(outdir)).toEqual(["access.json"]);
  });
});

describe("an environment for the wrong account", () => {
  it("synthesis fails, makes nothing, and leaves the earlier output", () => {
    const outdir = path.join(folder, "wrong-account");
    mkdirSync(outdir);
    writeFileSync(path.join(outdir, "access.json"), "{}");
    const run = synth({
      CDK_OUTDIR: outdir,
      CDK_DEFAULT_ACCOUNT: "999999999999",
      CDK_DEFAULT_REGION: "us-west-2",
    });
    expect(run.stderr).toContain("Check CDK_DEFAULT_ACCOUNT.");
    expect(run.stdout).toBe("");
    expect(run.status).toBe(1);
    expect(readFileSync(path.join(outdir, "access.json"), "utf8")).toBe("{}");
  });
});

describe("an output folder with other files", () => {
  it("a folder that no synthesis wrote is not cleared", () => {
    const outdir = path.join(folder, "home");
    mkdirSync(outdir);
    writeFileSync(path.join(outdir, "thesis.tex"), "");
    const run = synth({ CDK_OUTDIR: outdir });
    expect(run.stderr).toContain("was not cleared");
    expect(run.status).toBe(1);
    expect(existsSync(path.join(outdir, "thesis.tex"))).toBe(true);
  });
});
