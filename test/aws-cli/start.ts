/** `aws` for tests: the AWS CLI of /usr/bin, loaded once for many commands. See server.py. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { symlinkSync } from "node:fs";
import path from "node:path";

/** Puts `aws` into a folder. @returns what ends it. @throws Error where Python cannot load the AWS CLI */
export async function startAwsCli(folder: string): Promise<() => Promise<void>> {
  const words = [path.join(import.meta.dirname, "server.py"), path.join(folder, "aws.socket")];
  const server = spawn("/usr/bin/python3", words, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(server, "exit").then(() => false);
  const ready = once(server.stdout, "data").then(() => true);
  if (!(await Promise.race([ready, ended])))
    throw new Error("Python cannot load the AWS CLI of /usr/bin/aws. No test was run.");
  symlinkSync(path.join(import.meta.dirname, "client.py"), path.join(folder, "aws"));
  return async () => {
    server.stdin.end();
    await ended;
  };
}
