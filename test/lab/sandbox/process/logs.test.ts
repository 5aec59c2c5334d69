import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openLogs } from "../../../../lab/sandbox/process/logs.ts";
import { HOSTILE_TEXT, rawIn } from "../../../hostile-characters.ts";

const dir = mkdtempSync(path.join(tmpdir(), "timelatch-logs-"));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

describe("the sandbox's logs", () => {
  it("The sandbox's logs hold no raw hidden character, in files and on standard error", async () => {
    const heard: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      heard.push(String(text));
      return true;
    });
    const logs = openLogs(dir, true);
    logs.say(HOSTILE_TEXT);
    logs.open("function")(HOSTILE_TEXT);
    logs.close();
    const file = path.join(dir, "function.log");
    await vi.waitFor(() => expect(readFileSync(file, "utf8")).toMatch(/\n$/));
    expect(heard).toHaveLength(2);
    expect(rawIn(heard.join(""), "\n")).toEqual([]);
    expect(rawIn(readFileSync(file, "utf8"), "\n")).toEqual([]);
  });
});
