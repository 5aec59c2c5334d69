import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { FileFaults } from "../../shared/policy-file/file-fault.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";

/**
 * Reads `access.yaml`.
 *
 * @throws Error with a line for each fault, as compilers write it: `access.yaml:12:5 rules.0.who: …`
 */
export function readAccessFile(file: string): AccessPolicy {
  const shown = path.relative(process.cwd(), file);
  const text = readText(file, shown);
  try {
    return parseAccessPolicy(text);
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw new Error(
      [
        ...error.faults.map(
          ({ line, column, path: at, detail }) => `${shown}:${line}:${column} ${at}: ${detail}`,
        ),
        "The policy has faults. Nothing was synthesized; correct each of them, then run it again.",
      ].join("\n"),
    );
  }
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${shown} cannot be read (${error instanceof Error ? error.message : error}). Nothing was synthesized. Name the policy file in TIMELATCH_ACCESS, or in CDK's context \`access\`.`,
    );
  }
}

/** Writes the policy as JSON, so that no function parses YAML when it starts. @returns the file */
export function compileAccessFile(access: AccessPolicy, folder: string): string {
  const file = path.join(folder, "access.json");
  writeFileSync(file, JSON.stringify(access));
  return file;
}
