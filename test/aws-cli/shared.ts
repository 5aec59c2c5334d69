/** One AWS CLI for the test files of a worker: each start of its own would take half a second of a processor. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startAwsCli } from "./start.ts";

let started: Promise<string> | undefined;

async function start(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-aws-cli-"));
  await startAwsCli(folder);
  return folder;
}

/** The folder of `aws`, for a PATH. It ends with the worker, because its input ends then. */
export async function awsFolder(): Promise<string> {
  started ??= start();
  return started;
}

/** The file of `aws`. */
export const awsFile = async (): Promise<string> => path.join(await awsFolder(), "aws");
