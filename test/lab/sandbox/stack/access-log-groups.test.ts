import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import {
  accessLogEntry,
  accessLogFile,
  accessLogGroups,
} from "../../../../lab/sandbox/stack/access-log-groups.ts";

it("The API's access log is the log group of its stage, and no other group", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "access-"));
  const group = "/aws/vendedlogs/Timelatch/1-2";
  const at = new Date("2026-12-03T04:05:06.789Z");
  const file = path.join(dir, `${accessLogFile(group)}.log`);
  appendFileSync(file, `${accessLogEntry(at, '{"status":"200"}')}\n17`);
  expect(accessLogGroups(dir)(group)).toEqual([
    { timestamp: at.getTime(), message: '{"status":"200"}', logStream: "access" },
  ]);
  for (const other of ["/aws/vendedlogs/Timelatch/3", "/aws/eks/prod/cluster", "../sandbox"])
    expect(accessLogGroups(dir)(other)).toBeUndefined();
});
