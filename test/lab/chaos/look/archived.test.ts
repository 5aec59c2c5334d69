/** The copy of an archive, read without the broker's own reader. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { unarchived } from "../../../../lab/chaos/look/archived.ts";
import { GRANT } from "../clean-run.ts";

it("Every event of a request is in some part of the copy, or is named", () => {
  const copy = mkdtempSync(path.join(tmpdir(), "timelatch-archived-"));
  try {
    const write = (hour: string, ...numbers: readonly number[]) => {
      const folder = path.join(copy, "records", hour);
      mkdirSync(folder, { recursive: true });
      const lines = numbers.map((seq) => JSON.stringify({ chain: "AUDIT#r1", record: { seq } }));
      writeFileSync(path.join(folder, "0001.ndjson.gz"), gzipSync(lines.join("\n")));
    };
    write("2026-11-28T11", 1, 2);
    write("2026-11-28T12", 4, 5);
    expect(unarchived(copy, [GRANT])).toEqual(["1 records are not archived, such as AUDIT#r1 3."]);
    write("2026-11-28T12", 3, 4, 5);
    expect(unarchived(copy, [GRANT])).toEqual([]);
  } finally {
    rmSync(copy, { recursive: true });
  }
});
