import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { fileStore } from "../../../../lab/sandbox/process/file-store.ts";

const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), "store-")), "state.json");
const open = (file: string) => fileStore(file, () => ({ count: 0, names: [] as string[] }));

describe("a file store", () => {
  it("A file store finds again what was changed, after it was flushed", () => {
    const file = newFile();
    const store = open(file);
    expect(store.change((state) => state.names.push("a"))).toBe(1);
    store.flush();
    expect(open(file).state).toEqual({ count: 0, names: ["a"] });
  });

  it("A file store writes by itself soon after a change, and leaves no half-written file beside", async () => {
    const file = newFile();
    const store = open(file);
    store.flush();
    store.change((state) => {
      state.count = 7;
    });
    await expect.poll(() => JSON.parse(readFileSync(file, "utf8")).count).toBe(7);
    expect(existsSync(`${file}.new`)).toBe(false);
  });

  it("A file store writes its initial state, so that a restart keeps it", async () => {
    const file = newFile();
    open(file);
    await expect.poll(() => existsSync(file)).toBe(true);
  });

  it("A file store writes what a mutation did before it threw", () => {
    const file = newFile();
    const store = open(file);
    store.flush();
    expect(() =>
      store.change((state) => {
        state.count = 1;
        throw new Error("refused");
      }),
    ).toThrow("refused");
    store.flush();
    expect(open(file).state.count).toBe(1);
  });

  it("A file store refuses a file that is no JSON, saying how to go on, and leaves it", () => {
    const file = newFile();
    writeFileSync(file, "{");
    expect(() => open(file)).toThrow(/is not the sandbox's state.*--fresh/);
    expect(readFileSync(file, "utf8")).toBe("{");
  });
});
