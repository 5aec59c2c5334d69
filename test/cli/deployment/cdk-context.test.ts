/** The CDK's context of a landing zone reaches the stacks of `timelatch synth`, as it does those of the CDK. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { bootstrapCommand } from "../../../cli/deployment/bootstrap-command.ts";
import { contextVariable } from "../../../cli/deployment/cdk-context.ts";
import { inRepository } from "../../../infra/synth/repository.ts";
import { runHere } from "../run-timelatch.ts";

const folderWith = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-context-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
};

describe("The context of a folder", () => {
  const read = async (folder: string, home = folderWith({})) => {
    const { CDK_CONTEXT_JSON: json } = await contextVariable(folder, { HOME: home });
    return json === undefined ? undefined : JSON.parse(json);
  };

  it("cdk.json counts before cdk.context.json, and that before the home directory's .cdk.json", async () => {
    const folder = folderWith({
      "cdk.json": JSON.stringify({ app: "node app.mjs", context: { a: "json" } }),
      "cdk.context.json": JSON.stringify({ a: "context", b: "context" }),
    });
    const home = folderWith({
      ".cdk.json": JSON.stringify({ context: { a: "h", b: "h", c: "h" } }),
    });
    expect(await read(folder, home)).toEqual({ a: "json", b: "context", c: "h" });
  });

  it("Without context, the app gets no variable", async () => {
    expect(await read(folderWith({}))).toBeUndefined();
    expect(await read(folderWith({ "cdk.json": '{"app":"node app.mjs"}' }))).toBeUndefined();
  });

  it("A file that is no JSON is named, and nothing is synthesized", async () => {
    await expect(read(folderWith({ "cdk.json": "{" }))).rejects.toMatchObject({
      code: "context-unread",
    });
  });
});

describe("The line that prepares an account", () => {
  const place = { account: "444455556666", region: "us-west-2" };

  it("It has a qualifier, and a stack of that name, where the deployment has one of its own", () => {
    const terms = (qualifier: string) => ({
      versionParameter: `/cdk-bootstrap/${qualifier}/version`,
    });
    expect(bootstrapCommand(place, undefined, terms("lz1"))).toBe(
      'node_modules/.bin/cdk bootstrap aws://444455556666/us-west-2 --app "" --qualifier lz1 --toolkit-stack-name CDKToolkit-lz1',
    );
    expect(bootstrapCommand(place, undefined, terms("hnb659fds"))).not.toContain("--qualifier");
  });
});

const CONTEXT = {
  "@aws-cdk/core:bootstrapQualifier": "lz1",
  "@aws-cdk/core:permissionsBoundary": { name: "landing-zone" },
  // Bundles say nothing of the templates, and take seconds.
  "aws:cdk:bundling-stacks": [],
};

/** A folder as `timelatch init` makes it, whose library is this checkout's. */
function landingZone(): string {
  const library = inRepository("infra/library.ts");
  const folder = folderWith({
    "node_modules/@timelatch/cdk/package.json": "{}",
    "timelatch.config.yaml": 'version: 1\naccount: "111122223333"\nregion: us-west-2\n',
    "access.yaml": readFileSync(inRepository("access.yaml"), "utf8"),
    "cdk.json": JSON.stringify({
      app: `${process.execPath} --disable-warning=ExperimentalWarning app.mjs`,
      context: CONTEXT,
    }),
    "app.mjs": `import { createRequire } from "node:module";
const { App } = createRequire(${JSON.stringify(library)})("aws-cdk-lib");
const { readDeployment, Timelatch } = await import(${JSON.stringify(library)});
const app = new App({ builtinCloudFormationValidation: false, analyticsReporting: false });
new Timelatch(app, readDeployment("timelatch.config.yaml"));
app.synth();
`,
  });
  symlinkSync(inRepository("node_modules/aws-cdk"), path.join(folder, "node_modules/aws-cdk"));
  return folder;
}

interface Written {
  readonly manifest: string;
  readonly roles: readonly Readonly<Record<string, unknown>>[];
}

function writtenIn(folder: string): Written {
  const manifest = readFileSync(path.join(folder, "manifest.json"), "utf8");
  const templates = Object.keys(JSON.parse(manifest).artifacts)
    .filter((name) => /^Timelatch[^.]*$/.test(name))
    .map((name) => JSON.parse(readFileSync(path.join(folder, `${name}.template.json`), "utf8")));
  const roles = templates.flatMap(({ Resources }) =>
    Object.values(Resources as Record<string, { Type: string; Properties: object }>)
      .filter(({ Type }) => Type === "AWS::IAM::Role")
      .map(({ Properties }) => ({ ...Properties })),
  );
  return { manifest, roles };
}

describe("timelatch synth in a landing zone", () => {
  it("Every role has the boundary, and every stack the qualifier, as where the CDK command runs the app", async () => {
    const folder = landingZone();
    const { code, err } = await runHere(["synth", folder], {
      env: { HOME: folder, PATH: process.env["PATH"] },
    });
    expect(err).toContain("Next: timelatch deploy");
    expect(code).toBe(0);
    const ours = writtenIn(path.join(folder, "cdk.out"));
    await promisify(execFile)(
      process.execPath,
      [inRepository("node_modules/aws-cdk/bin/cdk"), "synth", "--quiet", "--output", "theirs"],
      { cwd: folder, env: { ...process.env, HOME: folder, CDK_DISABLE_CLI_TELEMETRY: "true" } },
    );
    const theirs = writtenIn(path.join(folder, "theirs"));
    const boundaries = ({ roles }: Written) => roles.map((role) => role["PermissionsBoundary"]);
    expect(boundaries(ours)).toEqual(boundaries(theirs));
    expect(ours.roles.length).toBeGreaterThan(10);
    for (const boundary of boundaries(ours))
      expect(JSON.stringify(boundary)).toContain(":policy/landing-zone");
    expect(ours.manifest).not.toContain("hnb659fds");
    expect(ours.manifest).toContain("/cdk-bootstrap/lz1/version");
  });
});
