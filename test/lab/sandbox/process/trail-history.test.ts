import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import type { TrailRecord } from "../../../../lab/sandbox/aws/cloudtrail/trail-record.ts";
import { openTrailHistory } from "../../../../lab/sandbox/process/trail-history.ts";

const record = (eventID: string) => ({ eventID }) as TrailRecord;
const file = () => path.join(mkdtempSync(path.join(tmpdir(), "trail-")), "events.jsonl");
const ids = ({ records }: { readonly records: readonly TrailRecord[] }) =>
  records.map(({ eventID }) => eventID);

it("CloudTrail's events survive a restart of the sandbox, except a line that was cut off", () => {
  const at = file();
  const history = openTrailHistory(at);
  history.add(record("a"));
  history.add(record("b"));
  appendFileSync(at, '{"eventID":"c');
  const next = openTrailHistory(at);
  expect(ids(next)).toEqual(["a", "b"]);
  next.add(record("d"));
  expect(ids(openTrailHistory(at))).toEqual(["a", "b", "d"]);
});

it("The sandbox keeps the latest of CloudTrail's events", () => {
  const at = file();
  const history = openTrailHistory(at, 10);
  for (let each = 0; each < 25; each += 1) history.add(record(String(each)));
  expect(history.records.length).toBeLessThanOrEqual(11);
  expect(ids(history).at(-1)).toBe("24");
  expect(ids(openTrailHistory(at, 10))).toEqual(
    Array.from({ length: 10 }, (_, at) => `${at + 15}`),
  );
});
