/** Where the code of a function comes from: the sources of a checkout, or a bundle that was packed before. */
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  type Runtime,
} from "aws-cdk-lib/aws-lambda";
import {
  type BundlingOptions,
  type ICommandHooks,
  NodejsFunction,
  OutputFormat,
} from "aws-cdk-lib/aws-lambda-nodejs";
import type { Construct } from "constructs";
import { inRepository } from "../synth/repository.ts";

/** The construct library has a folder beside its program. In a checkout there is none. */
const PACKED = path.join(import.meta.dirname, "functions");

type Options = FunctionOptions & { readonly runtime: Runtime };

/**
 * The function `Function` of a construct. Either way its code is `index.mjs` with the compiled policy
 * beside it, and its template the same.
 *
 * @param name of the file: `functions/<name>.ts`, which exports `handler`
 */
export function functionOf(
  scope: Construct,
  name: string,
  accessFile: string,
  options: Options,
): LambdaFunction {
  const packed = path.join(PACKED, name);
  return existsSync(packed)
    ? fromBundle(scope, packed, accessFile, options)
    : fromSources(scope, name, accessFile, options);
}

/** CDK copies the folder at once, so that it is needed no longer than that. */
function fromBundle(
  scope: Construct,
  packed: string,
  accessFile: string,
  options: Options,
): LambdaFunction {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-function-"));
  try {
    copyFileSync(path.join(packed, "index.mjs"), path.join(folder, "index.mjs"));
    copyFileSync(accessFile, path.join(folder, "access.json"));
    return new LambdaFunction(scope, "Function", {
      ...options,
      code: Code.fromAsset(folder),
      handler: "index.handler",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const fromSources = (
  scope: Construct,
  name: string,
  accessFile: string,
  options: Options,
): LambdaFunction =>
  new NodejsFunction(scope, "Function", {
    ...options,
    entry: inRepository("functions", `${name}.ts`),
    projectRoot: inRepository(),
    depsLockFilePath: inRepository("package-lock.json"),
    // CDK would add AWS_NODEJS_CONNECTION_REUSE_ENABLED, which the SDK's version 3 ignores.
    awsSdkConnectionReuse: false,
    bundling: bundlingWith(accessFile),
  });

const bundlingWith = (accessFile: string): BundlingOptions => ({
  format: OutputFormat.ESM,
  target: "node24",
  minify: true,
  // `module` first: the SDK's CommonJS builds call require() at load, which ESM lacks.
  mainFields: ["module", "main"],
  // Bundle our SDK: the runtime's own may be older than the one that the tests ran with.
  externalModules: [],
  commandHooks: copyingIntoBundle(accessFile),
});

const copyingIntoBundle = (accessFile: string): ICommandHooks => ({
  beforeBundling: () => [],
  beforeInstall: () => [],
  afterBundling: (_input, output) => [
    [
      process.execPath,
      inRepository("infra", "synth", "copy-file.ts"),
      accessFile,
      `${output}/access.json`,
    ]
      .map((part) => JSON.stringify(part.replaceAll("\\", "/")))
      .join(" "),
  ],
});
