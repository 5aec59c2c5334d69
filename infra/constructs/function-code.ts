/** Where the code of a function comes from: the sources of a checkout, or a bundle that was packed before. */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Stack } from "aws-cdk-lib";
import {
  Code,
  type FunctionOptions,
  Function as LambdaFunction,
  type Runtime,
} from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { inRepository } from "../synth/repository.ts";

/** The construct library has a folder beside its program. A checkout has no such folder. */
const PACKED = path.join(import.meta.dirname, "functions");

/** Context of the app: a folder that `bundle-functions.ts` filled before, from the same sources. */
export const MADE_BUNDLES = "timelatch:bundles";

type Options = FunctionOptions & { readonly runtime: Runtime };

/**
 * The function `Function` of a construct. Its code is `index.mjs`, with whatever it reads beside it, such as the
 * compiled policy.
 * CDK copies the folder at once, so that it is needed no longer than that.
 *
 * @param name of the file: `functions/<name>.ts`, which exports `handler`
 */
export function functionOf(
  scope: Construct,
  name: string,
  accessFile: string | undefined,
  options: Options,
): LambdaFunction {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-function-"));
  try {
    // CDK's context `aws:cdk:bundling-stacks` leaves code out where only templates are wanted.
    if (Stack.of(scope).bundlingRequired) {
      cpSync(path.join(bundles(scope), name), folder, { recursive: true });
      if (accessFile !== undefined) copyFileSync(accessFile, path.join(folder, "access.json"));
    }
    return new LambdaFunction(scope, "Function", {
      ...options,
      code: Code.fromAsset(folder),
      handler: "index.handler",
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const bundles = (scope: Construct): string =>
  existsSync(PACKED) ? PACKED : (scope.node.tryGetContext(MADE_BUNDLES) ?? fromSources());

let made: string | undefined;

/** Bundles of the sources, made once in a process: sources do not change under a synthesis. */
function fromSources(): string {
  if (made !== undefined) return made;
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-bundles-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync(process.execPath, [inRepository("infra", "synth", "bundle-functions.ts"), folder]);
  made = folder;
  return folder;
}
