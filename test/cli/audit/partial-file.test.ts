import {
  appendFileSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createPartial,
  type PartialFile,
  partialsOf,
  resumePartial,
} from "../../../cli/audit/partial-file.ts";
import { writeWhole } from "../../../cli/audit/write-whole.ts";

const HEAD = { journal: 1, from: "a", to: "b", format: "ndjson" } as const;
const page = (number: number) => ({
  to: "b",
  last: { at: "t", hash: `h${number}` },
  complete: false,
  events: number,
  earlier: 0,
  requests: [`r${number}`],
});

const opened: PartialFile[] = [];
async function resumed(path: string): Promise<PartialFile> {
  const partial = await resumePartial(out, path);
  opened.push(partial);
  return partial;
}

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "timelatch-partial-"));
  out = join(folder, "q4.ndjson");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((partial) => partial.abandon()));
  rmSync(folder, { recursive: true });
});

/** An export of three pages that was killed in the middle of the fourth. */
async function killed(): Promise<string> {
  const partial = await createPartial(out, HEAD);
  opened.push(partial);
  for (const number of [1, 2, 3]) {
    await partial.write(`page ${number}\n`);
    await partial.checkpoint(page(number));
  }
  await partial.write("page 4, ha");
  const [path = ""] = await partialsOf(out);
  return path;
}

describe("A partial file", () => {
  it("A partial file is only for its owner, has a random name, and leaves the export's name free", async () => {
    const path = await killed();
    expect(path).toMatch(/q4\.ndjson\.[0-9a-f]{12}\.partial$/);
    for (const name of readdirSync(folder))
      expect(lstatSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).not.toContain("q4.ndjson");
  });

  it("A partial file continues after its last whole page", async () => {
    const resuming = await resumed(await killed());
    expect(resuming.head).toEqual(HEAD);
    expect(resuming.done).toMatchObject({
      last: { hash: "h3" },
      events: 3,
      requests: ["r1", "r2", "r3"],
    });
    await resuming.write("page 4\n");
    await resuming.checkpoint({ ...page(4), complete: true });
    await resuming.complete();
    expect(readFileSync(out, "utf8")).toBe("page 1\npage 2\npage 3\npage 4\n");
    expect(readdirSync(folder)).toEqual(["q4.ndjson"]);
  });

  it("A partial file can be interrupted again, and continued again", async () => {
    const again = await resumed(await killed());
    await again.write("page 4\n");
    await again.checkpoint(page(4));
    expect(await again.abandon()).toBe(true);
    const [path = ""] = await partialsOf(out);
    expect((await resumed(path)).done).toMatchObject({
      last: { hash: "h4" },
      requests: ["r1", "r2", "r3", "r4"],
    });
  });

  it.each([
    ["was cut off in its second page", (path: string) => truncateSync(path, 10), "h1"],
    [
      "holds other bytes in its second page",
      (path: string) => writeFileSync(path, "page 1\nPAGE 2\npage 3\n"),
      "h1",
    ],
    [
      "has a journal that was cut off",
      (path: string) => {
        const journal = `${path}.journal`;
        truncateSync(journal, readFileSync(journal).length - 20);
      },
      "h2",
    ],
    [
      "has noise after its journal",
      (path: string) => appendFileSync(`${path}.journal`, '{"cursor'),
      "h3",
    ],
  ])("A partial file that %s continues after what is sound", async (_how, damage, hash) => {
    const path = await killed();
    damage(path);
    expect((await resumed(path)).done?.last?.hash).toBe(hash);
  });

  it("A partial file does not continue with another file's journal", async () => {
    const path = await killed();
    writeFileSync(`${path}.journal`, "{}\n");
    await expect(resumePartial(out, path)).rejects.toThrow("not one that this timelatch knows");
  });

  it("A partial file leaves nothing where no page is whole", async () => {
    const partial = await createPartial(out, HEAD);
    await partial.write("half");
    expect(await partial.abandon()).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("Whole writes", () => {
  it("A write continues after a short one, until every byte is written", async () => {
    const disk: string[] = [];
    await writeWhole(async (bytes, from) => {
      const part = bytes.subarray(from, from + 3);
      disk.push(part.toString());
      return { bytesWritten: part.length };
    }, Buffer.from("0123456789"));
    expect(disk).toEqual(["012", "345", "678", "9"]);
  });

  it("A write fails where the disk takes nothing", async () => {
    const nothing = async () => ({ bytesWritten: 0 });
    await expect(writeWhole(nothing, Buffer.from("x"))).rejects.toThrow("took nothing");
  });
});
