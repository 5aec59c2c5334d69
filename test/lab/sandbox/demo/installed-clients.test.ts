import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findClients } from "../../../../lab/sandbox/demo/installed-clients.ts";

let folder: string;
/** A folder for the path with these programs, which do nothing. */
const pathWith = (...names: readonly string[]) => {
  const bin = mkdtempSync(path.join(folder, "bin-"));
  for (const name of names) writeFileSync(path.join(bin, name), "#!/bin/sh\n", { mode: 0o755 });
  return ["/nonexistent", bin].join(path.delimiter);
};

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "installed-clients-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VERSIONS = {
  aws: "aws-cli/2.23.6 Python/3.13",
  kubectl: "Client Version: v1.32.3",
  script: "script from util-linux 2.41",
};
const find = (searched: string, versions: Readonly<Record<string, string>> = VERSIONS) =>
  findClients(searched, async (program) => ({
    code: 0,
    stdout: `${versions[path.basename(program)] ?? ""}\n`,
    stderr: "",
  }));

describe("the search for clients on this machine", () => {
  it("The search for clients finds those that are on the path", async () => {
    const { aws, kubectl, script, notes } = await find(pathWith("aws", "kubectl", "script"));
    expect(path.basename(aws ?? "")).toBe("aws");
    expect(kubectl).toBe("kubectl");
    expect(script).toBe(true);
    expect(notes).toEqual([]);
  });

  it("The search for clients notes each that is missing by its name", async () => {
    const { aws, kubectl, script, notes } = await find(pathWith());
    expect([aws, kubectl, script]).toEqual([undefined, undefined, false]);
    expect(notes).toEqual([
      expect.stringContaining("No AWS CLI 2"),
      expect.stringContaining("No kubectl"),
      expect.stringContaining("No script of util-linux"),
    ]);
  });

  it("The search for clients finds kubectl without an AWS CLI, since timelatch makes its token", async () => {
    const { kubectl, notes } = await find(pathWith("kubectl", "script"));
    expect(kubectl).toBe("kubectl");
    expect(notes).toEqual([expect.stringContaining("No AWS CLI 2")]);
  });

  it("The search for clients ignores version 1 of the AWS CLI", async () => {
    const old = { ...VERSIONS, aws: "aws-cli/1.36.0 Python/3.13" };
    expect((await find(pathWith("aws", "kubectl"), old)).aws).toBeUndefined();
  });

  it("The search for clients ignores programs that cannot be started", async () => {
    const { aws } = await findClients(pathWith("aws", "kubectl"), async () => undefined);
    expect(aws).toBeUndefined();
  });
});
