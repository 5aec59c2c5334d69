/** Reads what `cdk synth` leaves: one stack's template, and which folder holds which asset. */
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Json, JsonObject } from "./json.ts";

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: JsonObject;
  readonly Condition?: string;
  /** `Retain` lets it stay when the stack ends. */
  readonly DeletionPolicy?: string;
  /** Logical ids of what is made before it. */
  readonly DependsOn?: string | readonly string[];
}

interface TemplateOutput {
  readonly Value: Json;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: Json };
}

/**
 * A CloudFormation template as CDK writes it.
 *
 * `Rules` are not read. CDK's own rule wants a bootstrap that is new enough. Without any, its parameter is refused before.
 */
export interface Template {
  readonly Parameters?: Readonly<Record<string, { readonly Type: string }>>;
  readonly Conditions?: JsonObject;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
}

export interface Assembly {
  readonly stackName: string;
  readonly template: Template;
  /** The folder with the code that is in S3 under this key, or that CDK would upload there. */
  readonly assetDir: (s3Key: string, s3Bucket: string) => string;
  /** The values of the template's parameters. Undefined for a stack whose parameters nothing refers to. */
  readonly parameters?: Readonly<Record<string, string>>;
}

interface AssetManifest {
  readonly files: Readonly<
    Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>
  >;
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `Could not read ${file}: ${(error as Error).message}. Synthesize the stack first: npm run synth.`,
    );
  }
};

const readJson = <T>(file: string): T => JSON.parse(readText(file)) as T;

/** A stack of the assembly, as its manifest has it. */
export interface AssemblyStack {
  readonly name: string;
  /** Twelve digits; undefined for a stack that fits any account. */
  readonly account?: string;
  /** Undefined for a stack that fits any region. */
  readonly region?: string;
  /** The stacks that are deployed before it. */
  readonly dependencies: readonly string[];
  /** Whether the CDK's command switches termination protection on. */
  readonly isProtected: boolean;
}

interface Manifest {
  readonly artifacts: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly environment?: string;
        readonly dependencies?: readonly string[];
        readonly properties?: { readonly terminationProtection?: boolean };
      }
    >
  >;
}

/** Every stack of the assembly in `dir`, in the order of its manifest. */
export function assemblyStacks(dir: string): readonly AssemblyStack[] {
  const { artifacts } = readJson<Manifest>(path.join(dir, "manifest.json"));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === "aws:cloudformation:stack")
    .map(([name, { environment = "", dependencies = [], properties }]) => {
      const account = /^aws:\/\/(\d{12})\//.exec(environment)?.[1];
      const region = /\/([a-z]{2}(?:-[a-z]+)+-\d)$/.exec(environment)?.[1];
      return {
        name,
        dependencies,
        isProtected: properties?.terminationProtection === true,
        ...(account === undefined ? {} : { account }),
        ...(region === undefined ? {} : { region }),
      };
    });
}

/** The template of the stack `name`, as text. */
export const templateText = (dir: string, name: string): string =>
  readText(path.join(dir, `${name}.template.json`));

/** The folders with the code of a stack's functions, by the keys that CDK would upload them under. */
export function localCode(dir: string, name: string): Readonly<Record<string, string>> {
  const { files } = readJson<AssetManifest>(path.join(dir, `${name}.assets.json`));
  return Object.fromEntries(
    Object.entries(files)
      .filter(([, { source }]) => source.packaging === "zip")
      .map(([hash, { source }]) => [`${hash}.zip`, path.resolve(dir, source.path)]),
  );
}
