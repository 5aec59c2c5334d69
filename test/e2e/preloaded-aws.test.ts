/** The AWS CLI that the other tests run is the one of /usr/bin, which a start of its own shows. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { commandFolder } from "./bundled-command.ts";

const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "timelatch-aws-")));
const ENV = {
  ...{ PATH: "/usr/bin:/bin", HOME: folder, AWS_REGION: "us-west-2", AWS_MAX_ATTEMPTS: "1" },
  ...{ AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" },
  // Nothing listens there.
  AWS_ENDPOINT_URL: "http://127.0.0.1:1",
};

function run(command: string, args: readonly string[], input: string) {
  // By a pipe: Node gives a socket, which is no file that can be opened.
  const words = ["-c", 'cat | "$@"', "sh", command, ...args];
  const { status, stdout, stderr } = spawnSync("sh", words, {
    ...{ cwd: folder, env: ENV, input, encoding: "utf8" },
  });
  return { status, stdout, stderr };
}

it.each([
  ["its version", ["--version"], 0],
  ["a wrong option", ["eks", "list-clusters", "--colour"], 252],
  ["an endpoint that does not answer", ["eks", "list-clusters"], 255],
  [
    "an input of its own",
    ["eks", "create-access-entry", "--cli-input-json", "file:///dev/stdin"],
    252,
  ],
])("It prints and ends as /usr/bin/aws does: %s", (_what, args, status) => {
  const input = '{"clusterName":"prod","unknown":1}';
  const own = run("/usr/bin/aws", args, input);
  expect(own.status).toBe(status);
  expect(run(path.join(commandFolder(), "aws"), args, input)).toEqual(own);
});
