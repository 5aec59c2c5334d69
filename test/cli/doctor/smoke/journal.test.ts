/** The file in which a smoke test writes down what it is about to make. */
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openJournal } from "../../../../cli/doctor/smoke/journal.ts";

const SCHEDULE = { kind: "schedule", name: "a" } as never;
const ENTRY = { kind: "entry", name: "b" } as never;
const newFile = () => path.join(mkdtempSync(path.join(tmpdir(), "journal-")), "smoke.journal");
const open = (file: string) => openJournal(file, () => undefined);

describe("The journal of a smoke test", () => {
  it("A thing is written down before it is made, also where making it fails", async () => {
    const file = newFile();
    const seen: string[] = [];
    const make = async () => {
      seen.push(readFileSync(file, "utf8"));
      throw new Error("no answer");
    };
    await expect(open(file).make(SCHEDULE, make)).rejects.toThrow("no answer");
    expect(seen[0]).toContain('"made"');
    expect(open(file).left()).toEqual([SCHEDULE]);
  });

  it("The file stays while something may be there, and goes with the last of it", async () => {
    const file = newFile();
    const journal = open(file);
    for (const thing of [SCHEDULE, ENTRY]) await journal.make(thing, async () => undefined);
    journal.gone(SCHEDULE);
    journal.close();
    expect(open(file).left()).toEqual([ENTRY]);
    const later = open(file);
    later.gone(ENTRY);
    later.close();
    expect(existsSync(file)).toBe(false);
  });

  it("A line that was cut off in a crash hides none of those before it", async () => {
    const file = newFile();
    await open(file).make(SCHEDULE, async () => undefined);
    writeFileSync(file, '{"made":{"ki', { flag: "a" });
    expect(open(file).left()).toEqual([SCHEDULE]);
  });
});
