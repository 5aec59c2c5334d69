/**
 * `aws` for the end-to-end tests: the AWS CLI of /usr/bin, loaded once for all of them. It is beside the bundled
 * `timelatch`, so kubectl and the shells of tests find it first on their PATH.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { commandFolder } from "./bundled-command.ts";

const SOURCES = path.join(import.meta.dirname, "aws-cli");

/** Runs after the setup of the command, whose folder it takes. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = commandFolder();
  const words = [path.join(SOURCES, "server.py"), path.join(folder, "aws.socket")];
  const server = spawn("/usr/bin/python3", words, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(server, "exit").then(() => false);
  const ready = once(server.stdout, "data").then(() => true);
  if (!(await Promise.race([ready, ended])))
    throw new Error("Python cannot load the AWS CLI of /usr/bin/aws. No test was run.");
  symlinkSync(path.join(SOURCES, "client.py"), path.join(folder, "aws"));
  return async () => {
    server.stdin.end();
    await ended;
  };
}
