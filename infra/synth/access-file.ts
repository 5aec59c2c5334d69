import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import { locateAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { type FileFault, FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { includedBeside } from "../../shared/policy-file/yaml/included-file.ts";
import { type Fault, located } from "../../shared/policy-file/yaml/located-yaml.ts";

/** A policy, and how a fault that is found later is reported with its place in the file. */
interface ReadAccessFile {
  readonly policy: AccessPolicy;
  /** @throws Error where there is a fault */
  readonly refuse: (faults: readonly Fault[]) => void;
}

/**
 * Reads `access.yaml`.
 *
 * @throws Error with a line for each fault, as compilers write it: `access.yaml:12:5 rules.0.who: …`
 */
export function locateAccessFile(file: string): ReadAccessFile {
  const shown = path.relative(process.cwd(), file);
  const text = readText(file, shown);
  try {
    const yaml = locateAccessPolicy(text, includedBeside(shown));
    return {
      policy: yaml.policy,
      refuse(faults) {
        if (faults.length > 0)
          throw faultsOf(
            shown,
            faults.map((fault) => located(yaml, fault)),
          );
      },
    };
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw faultsOf(shown, error.faults);
  }
}

/** The same, for whoever finds no further fault. @throws Error as `locateAccessFile` */
export const readAccessFile = (file: string): AccessPolicy => locateAccessFile(file).policy;

const faultsOf = (shown: string, faults: readonly FileFault[]) =>
  new Error(
    [
      ...faults.map(
        ({ file = shown, line, column, path: at, detail }) =>
          `${file}:${line}:${column} ${at}: ${detail}`,
      ),
      "The policy has faults. Nothing was synthesized; correct each of them, then run it again.",
    ].join("\n"),
  );

function readText(file: string, shown: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${shown} cannot be read (${error instanceof Error ? error.message : error}). Nothing was synthesized. Name the policy file in TIMELATCH_ACCESS, or in CDK's context \`access\`.`,
    );
  }
}

/**
 * Writes the policy as JSON, so that no function parses YAML when it starts. The form is RFC 8785's, of
 * which `bundledPolicy` checks the hash. @returns the file
 */
export function compileAccessFile(access: AccessPolicy, folder: string): string {
  const file = path.join(folder, "access.json");
  writeFileSync(file, canonicalJson(access));
  return file;
}
