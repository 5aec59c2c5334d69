import { execFileSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  type ShellEnvironment,
  writeEnvironmentFile,
} from "../../../../lab/sandbox/process/environment-file.ts";

const ENVIRONMENT = {
  apiUrl: "http://127.0.0.1:1",
  outsideUrl: "http://127.0.0.1:4",
  awsConfigFile: "/it's $HOME/aws/config",
  awsCredentialsFile: "/it's $HOME/aws/credentials",
  kubeconfig: "/it's $HOME/kubeconfig",
  commandFolder: "/it's [a-z]*/cli",
};

/** The environment of a shell after it has sourced the file, by variable. */
function sourced(
  times: number,
  environment: ShellEnvironment = ENVIRONMENT,
): Readonly<Record<string, string>> {
  const file = writeEnvironmentFile(mkdtempSync(path.join(tmpdir(), "env-")), environment);
  const output = execFileSync(
    "/bin/sh",
    ["-euc", `${'. "$0"; '.repeat(times)}/usr/bin/env`, file],
    {
      encoding: "utf8",
      env: {
        PATH: "/bin",
        AWS_ACCESS_KEY_ID: "ASIAREAL",
        AWS_REGION: "eu-central-1",
        TIMELATCH_API: "http://127.0.0.1:9",
      },
    },
  );
  return Object.fromEntries(
    output
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s)),
  );
}

describe("the environment file, sourced by sh", () => {
  it("The environment file sets the addresses, whatever characters the folder's name has", () => {
    expect(sourced(1)).toMatchObject({
      TIMELATCH_API: ENVIRONMENT.apiUrl,
      TIMELATCH_OUTSIDE_ORIGIN: "http://127.0.0.1:4/",
      AWS_CONFIG_FILE: ENVIRONMENT.awsConfigFile,
      AWS_SHARED_CREDENTIALS_FILE: ENVIRONMENT.awsCredentialsFile,
      KUBECONFIG: ENVIRONMENT.kubeconfig,
    });
  });

  it("The environment file removes an address of the API where no broker is deployed", () => {
    const { apiUrl: _none, ...empty } = ENVIRONMENT;
    expect(sourced(1, empty)).not.toHaveProperty("TIMELATCH_API");
  });

  it("The environment file puts the timelatch command on the PATH once, however often it is sourced", () => {
    expect(sourced(3)["PATH"]).toBe(`${ENVIRONMENT.commandFolder}:/bin`);
  });

  it("The environment file removes keys and regions that the AWS CLI would prefer to the profile's", () => {
    const names = Object.keys(sourced(1));
    expect(names).not.toContain("AWS_ACCESS_KEY_ID");
    expect(names).not.toContain("AWS_REGION");
  });
});
