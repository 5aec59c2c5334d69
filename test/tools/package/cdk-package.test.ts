/** The construct library as people install it: beside nothing but the CDK, outside the repository. */
import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packCdk } from "../../../tools/package/cdk-package.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-library-"));
const library = path.join(folder, "node_modules/@timelatch/cdk");
/** Two whole syntheses, beside other tests. */
const TEN_MINUTES = 600_000;
const PLACE = { account: "111122223333", region: "us-west-2" };
const jsonOf = (...parts: readonly string[]) =>
  JSON.parse(readFileSync(path.join(folder, ...parts), "utf8"));

beforeAll(async () => {
  const tarball = await packCdk(path.join(folder, "packed"));
  mkdirSync(library, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", library]);
  for (const name of ["aws-cdk-lib", "cdk-nag", "constructs"])
    symlinkSync(path.join(ROOT, "node_modules", name), path.join(folder, "node_modules", name));
  copyFileSync(path.join(ROOT, "access.yaml"), path.join(folder, "access.yaml"));
}, TEN_MINUTES);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs an app that is written into the folder. */
function app(name: string, text: string) {
  writeFileSync(path.join(folder, name), text);
  return spawnSync(process.execPath, [name], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: folder },
  });
}

/** Templates of an assembly by the stacks' names. */
function templatesOf(assembly: string): Readonly<Record<string, unknown>> {
  const { artifacts } = jsonOf(assembly, "manifest.json") as {
    readonly artifacts: Readonly<
      Record<
        string,
        {
          readonly type: string;
          readonly properties: { readonly stackName?: string; readonly templateFile: string };
        }
      >
    >;
  };
  return Object.fromEntries(
    Object.entries(artifacts)
      .filter(([, { type }]) => type === "aws:cloudformation:stack")
      .map(([id, { properties }]) => [
        properties.stackName ?? id,
        jsonOf(assembly, properties.templateFile),
      ]),
  );
}

const assetsOf = (assembly: string) =>
  readdirSync(path.join(folder, assembly)).filter((name) => name.startsWith("asset."));

const APP = `import { Timelatch } from "@timelatch/cdk";
import { App } from "aws-cdk-lib";

const app = new App({ outdir: "theirs" });
new Timelatch(app, { access: "access.yaml", env: ${JSON.stringify(PLACE)} });
app.synth();
`;

describe("the construct library", () => {
  it(
    "A ten-line app synthesizes the same templates and bundles as npm run synth",
    async () => {
      expect(app("app.mjs", APP)).toMatchObject({ status: 0 });
      const ours = spawnSync(process.execPath, [path.join(ROOT, "infra/app.ts")], {
        cwd: folder,
        encoding: "utf8",
        env: {
          PATH: process.env["PATH"],
          HOME: folder,
          // The library's app lies elsewhere in each run, so nothing that Node.js compiled is kept for it.
          NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
          TIMELATCH_ACCESS: path.join(folder, "access.yaml"),
          CDK_OUTDIR: path.join(folder, "ours"),
          CDK_DEFAULT_ACCOUNT: PLACE.account,
          CDK_DEFAULT_REGION: PLACE.region,
        },
      });
      expect(ours).toMatchObject({ status: 0 });
      expect(Object.keys(templatesOf("ours")).length).toBeGreaterThan(1);
      expect(templatesOf("theirs")).toEqual(templatesOf("ours"));
      expect(assetsOf("ours").length).toBeGreaterThan(5);
      expect(assetsOf("theirs")).toEqual(assetsOf("ours"));
    },
    TEN_MINUTES,
  );

  it("Synthesis by the library records who is in which stack, beside the policy", () => {
    expect(existsSync(path.join(folder, "access.stacks.json"))).toBe(true);
  });

  it("A faulty policy fails the app with its line, and nothing is synthesized", () => {
    writeFileSync(path.join(folder, "faulty.yaml"), "version: 1\nclusters: 5\n");
    const failed = app(
      "faulty.mjs",
      APP.replace("access.yaml", "faulty.yaml").replace("theirs", "none"),
    );
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toMatch(/faulty\.yaml:2:\d+ clusters/);
    expect(existsSync(path.join(folder, "none", "Timelatch.template.json"))).toBe(false);
  });

  it("The package holds a bundle of every function, and leaves the CDK to whoever installs it", () => {
    const functions = globSync("functions/*.ts", { cwd: ROOT }).map((f) => path.basename(f, ".ts"));
    expect(readdirSync(path.join(library, "functions")).sort()).toEqual(functions.sort());
    const ours = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
    const manifest = jsonOf("node_modules/@timelatch/cdk/package.json");
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).toMatchObject({
      version: ours.version,
      peerDependencies: {
        "aws-cdk-lib": `^${ours.devDependencies["aws-cdk-lib"]}`,
        constructs: `^${ours.devDependencies.constructs}`,
      },
    });
    expect(readFileSync(path.join(library, "index.mjs"), "utf8")).not.toContain(ROOT);
  });

  it("Every declaration that the types name is in the package", () => {
    const files = globSync("types/**/*.d.ts", { cwd: library });
    expect(files).toContain("types/infra/library.d.ts");
    for (const file of files)
      for (const [, name = ""] of readFileSync(path.join(library, file), "utf8").matchAll(
        /from "(\.[^"]+)"/g,
      ))
        expect(files).toContain(
          path.posix.join(path.posix.dirname(file), name.replace(/\.js$/, ".d.ts")),
        );
  });
});
