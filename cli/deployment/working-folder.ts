/** A folder that `timelatch init` wrote, with its packages installed. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { DeploymentConfig } from "../../shared/policy-file/deployment-file.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { Failure } from "../failures/failure.ts";
import { fileErrorWords } from "../failures/file-error.ts";
import { locatedFaults } from "../policy/read-policy.ts";
import { CONFIG_FILE } from "./folder-files.ts";

export interface WorkingFolder {
  readonly folder: string;
  readonly config: DeploymentConfig;
}

/** @throws Failure `usage` where it is no such folder, or its packages are missing; `faulty` for its configuration */
export async function openWorkingFolder(folder: string): Promise<WorkingFolder> {
  const file = path.join(folder, CONFIG_FILE);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw notAFolder(file, error);
  });
  const config = await parsed(file, text);
  for (const name of ["@timelatch/cdk", "aws-cdk"])
    await readFile(path.join(folder, "node_modules", name, "package.json")).catch((error) => {
      throw notInstalled(folder, name, error);
    });
  return { folder, config };
}

async function parsed(file: string, text: string): Promise<DeploymentConfig> {
  const { parseDeploymentFile } = await import("../../shared/policy-file/deployment-file.ts");
  try {
    return parseDeploymentFile(text);
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw locatedFaults(file, error.faults);
  }
}

const NOT_DONE = "Nothing was synthesized, and nothing was changed in AWS.";

const notAFolder = (file: string, error: unknown) =>
  new Failure(
    "usage",
    "no-deployment-folder",
    {
      what: `Cannot read ${file}: ${fileErrorWords(error)}.`,
      notDone: NOT_DONE,
      next: [
        "Next: name the folder that timelatch init wrote, or change to it.",
        "There is none yet?  timelatch init",
      ],
    },
    { cause: error },
  );

const notInstalled = (folder: string, name: string, error: unknown) =>
  new Failure(
    "usage",
    "packages-missing",
    {
      what: `${name} is not installed in ${folder}.`,
      notDone: NOT_DONE,
      next: ["Next: run npm install in that folder. Its package.json pins every package."],
    },
    { cause: error },
  );
