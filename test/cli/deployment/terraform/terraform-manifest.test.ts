/** `terraform.json` of a deployment over two accounts and two regions of each. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readAssembly } from "../../../../cli/deployment/assembly.ts";
import { sha256Of } from "../../../../cli/deployment/terraform/policy-files.ts";
import {
  type TerraformManifest,
  terraformKind,
} from "../../../../cli/deployment/terraform/terraform-manifest.ts";
import { writeTerraform } from "../../../../cli/deployment/terraform/write-terraform.ts";
import type { Failure } from "../../../../cli/failures/failure.ts";
import { namedBeforeMade } from "../../../../infra/synth/named-before-made.ts";
import { STACK_KINDS } from "../../../../shared/domain/values/stack-kinds.ts";
import { assemblyOf, SPOKE } from "../../../infra/two-accounts.ts";

const HUB = "111122223333";
const assembly = assemblyOf();
const stacks = readAssembly(assembly);

const writeInto = (out: string, given: object = {}): Promise<TerraformManifest> => {
  const file = path.join(assembly, "access.json");
  const policy = [{ file, sha256: sha256Of(readFileSync(file)) }];
  return writeTerraform({ out, assembly, stacks, deployment: "timelatch", policy, ...given });
};
const newFolder = () => path.join(mkdtempSync(path.join(tmpdir(), "terraform-")), "out");

const out = newFolder();
const manifest = await writeInto(out);
const stackOf = (name: string) =>
  manifest.stacks.find((one) => one.name === name) ?? expect.fail(`No ${name}.`);
const templateOf = (name: string) => {
  const object = manifest.objects.find(({ key }) => key === stackOf(name).template);
  return JSON.parse(readFileSync(path.join(out, object?.file ?? ""), "utf8"));
};

/** All that has to be there before a stack, as the manifest has it. */
function before(name: string): ReadonlySet<string> {
  const { after } = stackOf(name);
  return new Set(after.flatMap((one) => [one, ...before(one)]));
}

describe("The manifest for Terraform", () => {
  it("Has each stack of the assembly in the order that deploy follows", () => {
    expect(manifest.stacks.map(({ name }) => name)).toEqual(stacks.map(({ name }) => name));
    const kinds = manifest.stacks.map(({ name }) => name.split("-")[0]);
    expect([...new Set(kinds)]).toEqual(STACK_KINDS.map(({ kind }) => kind));
  });

  it("What each stack needs is enough: it names nothing that is made later", () => {
    const naming = manifest.stacks.map(({ name, account, region }) => ({
      name,
      account,
      region,
      after: before(name),
      template: templateOf(name),
    }));
    expect(namedBeforeMade(naming)).toEqual([]);
    const withoutOrder = naming.map((one) => ({ ...one, after: new Set<string>() }));
    expect(namedBeforeMade(withoutOrder)).not.toEqual([]);
  });

  it("A stack waits for its own account and the broker's; the broker waits for all accounts", () => {
    expect(stackOf("Timelatch").after).toEqual([
      `TimelatchAccount-${HUB}-eu-west-1`,
      `TimelatchAccount-${SPOKE}`,
      `TimelatchAccount-${SPOKE}-eu-west-1`,
      "TimelatchFuses",
    ]);
    const forward = `TimelatchForward-${SPOKE}-eu-west-1`;
    expect(stackOf(forward).after).toContain("Timelatch");
    const foreign = manifest.stacks.flatMap(({ kind, account, after }) =>
      kind === "broker"
        ? []
        : after.filter((one) => ![account, HUB].includes(stackOf(one).account)),
    );
    expect(foreign).toEqual([]);
  });

  it("Every object has its hash in its key, and is the file that it names", () => {
    for (const { key, file, sha256 } of manifest.objects) {
      expect(key).toContain(sha256);
      expect(sha256Of(readFileSync(path.join(out, file)))).toBe(sha256);
    }
    const files = manifest.objects.map(({ file }) => file);
    for (const folder of ["assets", "templates"])
      for (const name of readdirSync(path.join(out, folder)))
        expect(files).toContain(`${folder}/${name}`);
  });

  it("Only the broker asks for a bucket, and no template asks for CDK's bootstrap", () => {
    for (const { name, kind, parameters } of manifest.stacks) {
      expect([name, parameters]).toEqual([name, kind === "broker" ? ["AssetsBucket"] : []]);
      expect(JSON.stringify(templateOf(name))).not.toMatch(/cdk-|BootstrapVersion/);
    }
  });

  it("A template has the same resources as CDK's, but for where code is", () => {
    for (const { name, template } of stacks) {
      const { Resources: mine } = templateOf(name) as { Resources: Record<string, object> };
      const code = (all: object) =>
        JSON.stringify(all, (key, value) => (key === "Code" ? undefined : value));
      expect(code(mine)).toBe(code(template.Resources ?? {}));
    }
    const { Resources } = templateOf("Timelatch") as {
      Resources: Record<string, { Type: string; Properties: { Code: object } }>;
    };
    const functions = Object.values(Resources).filter(
      ({ Type }) => Type === "AWS::Lambda::Function",
    );
    expect(functions.length).toBeGreaterThan(5);
    const keys = manifest.objects.map(({ key }) => key);
    for (const { Properties } of functions)
      expect(Properties.Code).toEqual({
        S3Bucket: { Ref: "AssetsBucket" },
        S3Key: expect.toSatisfy((key: string) => keys.includes(key)),
      });
  });

  it("Each stack has an output that changes with its template, and with nothing else", async () => {
    for (const { name, version, outputs } of manifest.stacks) {
      expect(outputs).toContain("Version");
      expect(templateOf(name).Outputs.Version.Value).toBe(version);
    }
    const again = await writeInto(newFolder());
    expect(again).toEqual({ ...manifest, policy: expect.anything() });
    expect(new Set(manifest.stacks.map(({ version }) => version)).size).toBeGreaterThan(5);
  });

  it("A stack with IAM resources has the capability for them, and no parameter or output is a secret", () => {
    expect(stackOf(`TimelatchForward-${SPOKE}-eu-west-1`).capabilities).toEqual([]);
    expect(stackOf("TimelatchPeople-1").capabilities).toEqual(["CAPABILITY_NAMED_IAM"]);
    const asked = manifest.stacks.flatMap(({ parameters, outputs }) => [...parameters, ...outputs]);
    expect(asked.filter((name) => /secret|token|password/i.test(name))).toEqual([]);
    for (const { name } of manifest.stacks)
      expect(JSON.stringify(templateOf(name).Parameters ?? {})).not.toContain("NoEcho");
  });

  it("Files of the policy have their place from the folder, and their hash", () => {
    const [file] = manifest.policy;
    expect(sha256Of(readFileSync(path.resolve(out, file?.file ?? "")))).toBe(file?.sha256);
  });
});

describe("The folder for Terraform", () => {
  it("A second synthesis leaves nothing of the first", async () => {
    const folder = newFolder();
    await writeInto(folder);
    writeFileSync(path.join(folder, "assets/old.zip"), "");
    await writeInto(folder);
    expect(readdirSync(path.join(folder, "assets"))).not.toContain("old.zip");
  });

  it("Somebody else's files stay, and it says so", async () => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(path.join(folder, "main.tf"), "");
    const ended = await writeInto(folder).catch((error: unknown) => error);
    expect(ended).toMatchObject({ exit: "unwritten", code: "terraform-unwritten" });
    expect(readdirSync(folder)).toEqual(["main.tf"]);
    rmSync(folder, { recursive: true });
  });

  it("A stack that is not of the deployment is named, and nothing is written", async () => {
    const folder = newFolder();
    const [first] = stacks;
    const foreign = { ...(first ?? expect.fail()), name: "Network" };
    const ended = await writeInto(folder, { stacks: [foreign] }).catch((error: unknown) => error);
    expect(ended).toMatchObject({ exit: "faulty", code: "not-for-terraform" });
    expect((ended as Failure).text.findings).toEqual(["Network is no stack of timelatch"]);
  });

  it.each([
    ["TimelatchAccount-staging-444455556666", "staging", "account"],
    ["TimelatchAccount-staging-444455556666-us-west-2", "staging", "region"],
    ["Timelatch-blue-green", "blue-green", "broker"],
    ["TimelatchPeople-1", "staging", undefined],
  ])("%s of %s is of the kind %s", (name, deployment, kind) => {
    expect(terraformKind({ name, region: "us-west-2" }, deployment)).toBe(kind);
  });
});
