import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { takeLock } from "../../../../lab/sandbox/process/lock.ts";

const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), "lock-")), "lock");

describe("the lock of a folder", () => {
  it("The lock of a folder holds the process's id until it is given back, and nothing else is left", () => {
    const file = newFile();
    const unlock = takeLock(file);
    expect(readFileSync(file, "utf8")).toBe(`${process.pid}\n`);
    unlock();
    expect(readdirSync(path.dirname(file))).toEqual([]);
  });

  it("The lock of a folder is refused while another process holds it, with its id", () => {
    const file = newFile();
    writeFileSync(file, `${process.ppid}\n`);
    expect(() => takeLock(file)).toThrow(`Another sandbox (process ${process.ppid})`);
    expect(readFileSync(file, "utf8")).toBe(`${process.ppid}\n`);
  });

  it("The lock of a folder is taken over from a process that is gone", () => {
    const file = newFile();
    const { pid } = spawnSync("true");
    writeFileSync(file, `${pid}\n`);
    takeLock(file)();
    expect(existsSync(file)).toBe(false);
  });

  it("The lock of a folder that another has taken over is not given back", () => {
    const file = newFile();
    const unlock = takeLock(file);
    writeFileSync(file, "1\n");
    unlock();
    expect(readFileSync(file, "utf8")).toBe("1\n");
  });
});
