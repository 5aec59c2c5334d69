import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { claimFolder, emptyFolder, MARKER } from "../../../../lab/sandbox/process/folder.ts";

const newFolder = () => mkdtempSync(path.join(tmpdir(), "folder-"));

describe("the sandbox's folder", () => {
  it("The sandbox's folder is made and marked where there was none", () => {
    const dir = path.join(newFolder(), "deep", "sandbox");
    claimFolder(dir);
    expect(readdirSync(dir)).toEqual([MARKER]);
  });

  it("The sandbox's folder may be empty at first, and is used again later", () => {
    const dir = newFolder();
    claimFolder(dir);
    writeFileSync(path.join(dir, "ports.json"), "{}");
    claimFolder(dir);
    expect(readdirSync(dir).sort()).toEqual(["ports.json", MARKER]);
  });

  it("The sandbox's folder is refused and left as it is where something other than a sandbox made it", () => {
    const dir = newFolder();
    mkdirSync(path.join(dir, "logs"));
    expect(() => claimFolder(dir)).toThrow(
      `${dir} is not empty, and no sandbox made it: it has no file ${MARKER}. Nothing was started or changed.`,
    );
    expect(readdirSync(dir)).toEqual(["logs"]);
  });

  it("The sandbox's folder loses its state with --fresh, and keeps ports, certificate, synthesized stack and other files", () => {
    const dir = newFolder();
    claimFolder(dir);
    for (const name of ["state", "dynamodb", "logs", "aws", "cdk.out"])
      mkdirSync(path.join(dir, name, "deep"), { recursive: true });
    for (const name of ["tls.json", "iam.json"]) writeFileSync(path.join(dir, "state", name), "");
    for (const name of ["kubeconfig", "env", "ports.json", "cdk.out.sha256", "notes.md"])
      writeFileSync(path.join(dir, name), "");
    emptyFolder(dir);
    expect(readdirSync(dir).sort()).toEqual(
      ["cdk.out", "cdk.out.sha256", "notes.md", "ports.json", "state", MARKER].sort(),
    );
    expect(readdirSync(path.join(dir, "state"))).toEqual(["tls.json"]);
    expect(existsSync(path.join(dir, "cdk.out", "deep"))).toBe(true);
  });
});
