/** Runs the CDK app of a working directory, and reads what it made. */
import { rm } from "node:fs/promises";
import path from "node:path";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type AssemblyStack, readAssembly } from "./assembly.ts";
import { contextVariable } from "./cdk-context.ts";
import { APP_FILE } from "./folder-files.ts";
import type { RunNode } from "./run-node.ts";
import type { WorkingFolder } from "./working-folder.ts";

/** The folder of an assembly in a working directory. */
export const ASSEMBLY = "cdk.out";

export interface Synthesized {
  readonly stacks: readonly AssemblyStack[];
  /** The app's other output, such as warnings. */
  readonly remarks: string;
}

/**
 * The app gets the context that the CDK command would give it, so that both make the same stacks.
 *
 * @throws Failure `faulty` where the app refuses, with what it says; then no assembly is left
 */
export async function synthesize(
  context: Context,
  { folder }: WorkingFolder,
  run: RunNode,
): Promise<Synthesized> {
  const given = await contextVariable(folder, context.env);
  // It takes half a minute.
  remark(context, "Synthesizing the stacks …\n");
  const outdir = path.join(folder, ASSEMBLY);
  const manifest = path.join(outdir, "manifest.json");
  await rm(manifest, { force: true });
  const { code, said } = await run({
    folder,
    script: APP_FILE,
    // A relative one would be read from wherever this was started.
    env: { ...context.env, ...given, CDK_OUTDIR: path.resolve(outdir) },
  });
  if (code === 0) return { stacks: readAssembly(outdir), remarks: said.trim() };
  // An assembly written before the failure must not be deployed by anybody.
  await rm(manifest, { force: true });
  throw notSynthesized(said);
}

/** Lines of a stack trace, of a report's files and of Node.js itself say nothing to whoever wrote a policy. */
const NOISE = /^\s+at |^Node\.js v|^$|A copy of this report/;

/** The app's output, from the error on that ended it. */
function linesOf(said: string): readonly string[] {
  const lines = said.split("\n").filter((line) => !NOISE.test(line));
  const last = lines.findLastIndex((line) => /^\w*Error: /.test(line));
  return lines.slice(Math.max(0, last)).map((line) => line.replace(/^\w*Error: /, ""));
}

const notSynthesized = (said: string) =>
  new Failure("faulty", "not-synthesized", {
    what: "The stacks cannot be synthesized.",
    notDone: "Nothing was changed in AWS, and nothing of them is left.",
    findings: linesOf(said),
    next: ["Next: correct what is named, and check it: timelatch policy check"],
  });
