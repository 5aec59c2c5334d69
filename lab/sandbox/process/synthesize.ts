/** Synthesizes the stack for the sandbox, unless its sources are unchanged. */
import { spawn } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { assemblyCache, NO_CACHE } from "./assembly-cache.ts";
import { policyTexts } from "./policy-texts.ts";

/** The repository's root. */
const ROOT = path.resolve(import.meta.dirname, "../../..");
/** The sources of the template and the bundles, besides the policy file. */
const SOURCES = ["infra", "functions", "shared", "package-lock.json"];

/** The policy file, absolute, as `infra/app.ts` finds it: it runs in the root. */
const accessFile = (): string =>
  path.resolve(ROOT, process.env["TIMELATCH_ACCESS"] || "access.yaml");

function filesUnder(file: string): readonly string[] {
  const entries = readdirSync(file, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .toSorted();
}

/**
 * The environment variables that select the variant of the stack (infra/synth/variants.ts).
 * Without a lag the variant keeps its own `readLagSeconds`.
 */
export function variantVariables(readLagSeconds: number): Readonly<Record<string, string>> {
  return {
    TIMELATCH_SETTINGS: "sandbox",
    ...(readLagSeconds > 0 ? { TIMELATCH_READ_LAG_SECONDS: String(readLagSeconds) } : {}),
  };
}

/** SHA-256 over the names and contents of all sources of the assembly. */
function sourcesHash(variant: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(process.version).update(JSON.stringify(variant));
  const files = SOURCES.flatMap((source) =>
    path.extname(source) ? [path.join(ROOT, source)] : filesUnder(path.join(ROOT, source)),
  );
  for (const file of files) addFile(hash, path.relative(ROOT, file), readFileSync(file));
  // Its place does not matter. The synthesis reports a missing one.
  for (const text of policyTexts(accessFile())) addFile(hash, "a file of the policy", text);
  return hash.digest("hex");
}

function addFile(hash: Hash, name: string, content: Buffer): void {
  hash.update(`${name}\0${content.length}\0`).update(content);
}

function runSynthesis(outdir: string, variant: Readonly<Record<string, string>>): Promise<void> {
  const child = spawn(process.execPath, [path.join(ROOT, "infra", "app.ts")], {
    cwd: ROOT,
    env: { ...process.env, ...variant, CDK_OUTDIR: outdir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `The stack could not be synthesized (${signal ?? `exit status ${code}`}). Nothing was started.\n${output.trim()}`,
          ),
        );
    });
  });
}

/**
 * Answers the folder of the assembly, `<dir>/cdk.out`.
 * @param readLagSeconds how old a read may be, at most, for the broker; 0 for its own setting
 */
export async function synthesize(
  dir: string,
  readLagSeconds: number,
  log: (line: string) => void,
): Promise<string> {
  const variant = variantVariables(readLagSeconds);
  const outdir = path.join(dir, "cdk.out");
  const mark = path.join(dir, "cdk.out.sha256");
  const hash = sourcesHash(variant);
  const made = existsSync(mark) && existsSync(outdir) ? readFileSync(mark, "utf8") : "";
  if (made === hash) return outdir;
  const folder = process.env["TIMELATCH_ASSEMBLY_CACHE"];
  const cache = folder ? assemblyCache(folder) : NO_CACHE;
  if (!cache.take(hash, outdir)) {
    log("Synthesizing the stack, which can take half a minute");
    await runSynthesis(outdir, variant);
    cache.keep(hash, outdir);
  }
  writeFileSync(mark, hash);
  return outdir;
}
