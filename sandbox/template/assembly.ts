/** Reads what `cdk synth` leaves: one stack's template, and which folder holds which asset. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Json, JsonObject } from "./json.ts";

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
}

/**
 * A CloudFormation template as CDK writes it.
 *
 * Three sections have no meaning here and are not read. `Rules` and the parameter
 * `BootstrapVersion` ask whether the account was prepared for CDK's deployments; nothing is
 * deployed. `Conditions` holds CDK's `CDKMetadataAvailable`, which belongs to its usage
 * statistics; a resource under any other condition is refused.
 */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: Json }>>;
}

export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** The folder with the code that CDK would upload under this S3 key. */
  readonly assetDir: (s3Key: string) => string;
}

interface AssetManifest {
  readonly files: Readonly<
    Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>
  >;
}

const readJson = <T>(file: string): T => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    throw new Error(
      `Could not read ${file}: ${(error as Error).message}. Synthesize the stack first: npm run synth.`,
    );
  }
};

/** A stack of the assembly, as its manifest has it. */
interface AssemblyStack {
  readonly name: string;
  /** Twelve digits; undefined for a stack that fits any account. */
  readonly account?: string;
  /** What is deployed before it. */
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly dependencies?: readonly string[];
      }
    >
  >;
}

/** Every stack of the assembly in `dir`, in the order of its manifest. */
export function assemblyStacks(dir: string): readonly AssemblyStack[] {
  const { artifacts } = readJson<Manifest>(path.join(dir, "manifest.json"));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === "aws:cloudformation:stack")
    .map(([name, { environment = "", dependencies = [] }]) => {
      const account = /^aws:\/\/(\d{12})\//.exec(environment)?.[1];
      return { name, dependencies, ...(account === undefined ? {} : { account }) };
    });
}

/** The template of the stack `name`. */
export const loadTemplate = (dir: string, name: string): Template =>
  readJson<Template>(path.join(dir, `${name}.template.json`));

/** Loads the stack `stackName` from the cloud assembly in `dir` (CDK's `cdk.out`). */
export function loadAssembly(dir: string, stackName: string): Assembly {
  const template = loadTemplate(dir, stackName);
  const { files } = readJson<AssetManifest>(path.join(dir, `${stackName}.assets.json`));
  return {
    stackName,
    template,
    assetDir(s3Key) {
      const asset = files[s3Key.replace(/\.zip$/, "")];
      if (!asset) throw new Error(`${stackName}.assets.json has no asset for ${s3Key}.`);
      if (asset.source.packaging !== "zip")
        throw new Error(
          `The asset ${s3Key} is packed as ${asset.source.packaging}; only zip is emulated.`,
        );
      return path.resolve(dir, asset.source.path);
    },
  };
}
