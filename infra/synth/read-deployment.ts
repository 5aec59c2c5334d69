import { readFileSync } from "node:fs";
import path from "node:path";
import { parseDeploymentFile } from "../../shared/policy-file/deployment-file.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import type { TimelatchProps } from "../constructs/timelatch.ts";

/**
 * The content of `timelatch.config.yaml`, for {@link Timelatch}.
 *
 * @param file from the working directory; the policy is beside it
 * @throws Error with a line for each fault, as compilers write it
 */
export function readDeployment(file: string): TimelatchProps {
  const { account, region, access, options } = parsed(file);
  return {
    access: path.join(path.dirname(file), access),
    env: { account, region },
    ...options,
  };
}

function parsed(file: string) {
  const text = readText(file);
  try {
    return parseDeploymentFile(text);
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw new Error(
      [
        ...error.faults.map(
          ({ line, column, path: at, detail }) => `${file}:${line}:${column} ${at}: ${detail}`,
        ),
        "The configuration has faults. Nothing was synthesized; correct each of them, then run it again.",
      ].join("\n"),
    );
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(
      `${file} cannot be read (${error instanceof Error ? error.message : error}). Nothing was synthesized. Change to the folder that timelatch init wrote.`,
    );
  }
}
