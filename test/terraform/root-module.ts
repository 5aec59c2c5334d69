/** A copy of one of the module's examples, with an assembly of a policy over two accounts. */
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readAssembly } from "../../cli/deployment/assembly.ts";
import { sha256Of } from "../../cli/deployment/terraform/policy-files.ts";
import type { TerraformManifest } from "../../cli/deployment/terraform/terraform-manifest.ts";
import { writeTerraform } from "../../cli/deployment/terraform/write-terraform.ts";
import { inRepository } from "../../infra/synth/repository.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { assemblyOf } from "../infra/two-accounts.ts";

export const MODULE = inRepository("terraform");

/** The address of the module in the examples. */
export const SOURCE = "git::https://git.example.com/timelatch.git//terraform?ref=v0.1.0";

export interface RootModule {
  readonly folder: string;
  /** Writes the assembly of a policy, and the policy's file. @param code of each function (default: no file) */
  synthesize(policy: AccessPolicy, code?: string): Promise<TerraformManifest>;
  /** Writes the policy's file only. */
  edit(text: string): void;
  manifest(): TerraformManifest;
  /** Writes another manifest. */
  rewrite(manifest: object): void;
}

/** Folders, which nobody changes. */
const assemblies = new Map<AccessPolicy, string>();

export function rootModule(example: string): RootModule {
  const folder = mkdtempSync(path.join(tmpdir(), "terraform-root-"));
  cpSync(path.join(MODULE, "examples", example), folder, { recursive: true });
  const out = path.join(folder, "cdk.out/terraform");
  const file = path.join(folder, "access.yaml");
  const edit = (text: string) => writeFileSync(file, text);
  return {
    folder,
    edit,
    async synthesize(policy, code) {
      mkdirSync(path.dirname(out), { recursive: true });
      edit(JSON.stringify(policy));
      const assembly = assemblies.get(policy) ?? assemblyOf(policy);
      assemblies.set(policy, assembly);
      for (const asset of globSync("asset.*/", { cwd: assembly })) {
        const index = path.join(assembly, asset, "index.mjs");
        if (code === undefined) rmSync(index, { force: true });
        else writeFileSync(index, code);
      }
      return writeTerraform({
        out,
        assembly,
        stacks: readAssembly(assembly),
        deployment: "timelatch",
        policy: [{ file, sha256: sha256Of(readFileSync(file)) }],
      });
    },
    rewrite: (manifest) =>
      writeFileSync(path.join(out, "terraform.json"), JSON.stringify(manifest)),
    manifest: () => JSON.parse(readFileSync(path.join(out, "terraform.json"), "utf8")),
  };
}
