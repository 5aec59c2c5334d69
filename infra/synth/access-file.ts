import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import {
  AccessPolicyError,
  parseAccessPolicy,
} from "../../shared/policy-file/parse-access-policy.ts";

/**
 * Reads `access.yaml`.
 *
 * @throws Error with a line for each fault, as compilers write them: `access.yaml:12:5 rules.0.who: …`
 */
export function readAccessFile(file: string): AccessPolicy {
  const shown = path.relative(process.cwd(), file);
  const text = readText(file, shown);
  try {
    return parseAccessPolicy(text);
  } catch (error) {
    if (!(error instanceof AccessPolicyError)) throw error;
    throw new Error(
      [
        ...error.faults.map(
          ({ line, column, path: at, detail }) => `${shown}:${line}:${column} ${at}: ${detail}`,
        ),
        "The policy cannot be used. Nothing was synthesized; correct what is named, and run it again.",
      ].join("\n"),
    );
  }
}

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${shown} cannot be read (${error instanceof Error ? error.message : error}). Nothing was synthesized; name the policy's file by TIMELATCH_ACCESS, or by CDK's context \`access\`.`,
    );
  }
}

/** Writes what the functions read, so that none of them parses YAML when it starts. @returns the file */
export function compileAccessFile(access: AccessPolicy, folder: string): string {
  const file = path.join(folder, "access.json");
  writeFileSync(file, JSON.stringify(access));
  return file;
}
