/** Readings around an instant, by the files of an archive. */
import { describe, expect, it } from "vitest";
import {
  archivedStanding,
  contentFiles,
  withReading,
} from "../../../cli/audit/archived-standing.ts";
import { PROD } from "../../../lab/fakes/builders.ts";
import { collected } from "../../../lab/fakes/collected.ts";
import type { FindingRecord } from "../../../shared/domain/evidence/findings/finding-record.ts";
import { contentOf, type ReadingDetails } from "../../../shared/domain/standing/reading.ts";
import type { ReadingRecord } from "../../../shared/domain/standing/reading-record.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { aFinding } from "../../shared/domain/evidence/finding-samples.ts";
import { type Found, keptReadings } from "../../shared/usecases/clusters/kept-readings.ts";

const START = "2026-11-24T10:00:00.000Z";
const at = (hours: number) => plusSeconds(START, hours * 3_600);
const roleOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** Details of each reading, and the files of the lists: those of the passes that are kept. */
async function read(found: readonly Found[], born = START, kept: readonly number[] = [0, 1, 2]) {
  const setup = {
    createdAt: born,
    authenticationMode: "API",
    version: null,
    auditLog: true,
  } as const;
  const { records, standing } = await keptReadings(found, setup);
  const details = records.map(({ record }) => (record as unknown as ReadingRecord).details);
  const files = await Promise.all(
    details.flatMap(async ({ content, passId }, number) => {
      const lines = (await contentOf(standing.all(PROD.arn, passId)))?.lines ?? [];
      const text = lines.map((line) => `${line}\n`).join("");
      const open = async function* () {
        yield Buffer.from(text);
      };
      return kept.includes(number) ? [{ name: `standing/${content}.ndjson`, open }] : [];
    }),
  );
  return { details, files: contentFiles(files.flat()) };
}

const around = (details: readonly ReadingDetails[], instant: string) =>
  details.reduce((found, one) => withReading(found, one, instant), {});

const finding = (principalArn: string, eventTime: string): FindingRecord => {
  const made = aFinding();
  if (made.details.code === "missing-event") throw new Error("It has no event.");
  const event = { ...made.details.event, principalArn, eventTime, errorCode: null };
  return { ...made, details: { ...made.details, event } };
};

const TWO = [
  { startedAt: at(1), roles: ["a", "b"] },
  { startedAt: at(7), roles: ["b"] },
];

describe("Readings around an instant", () => {
  it("The last before it and the first after it count, in whatever order they are read", async () => {
    const { details } = await read([...TWO, { startedAt: at(13), roles: [] }]);
    for (const order of [details, details.toReversed()])
      expect(around(order, at(8))).toEqual({ before: details[1], following: details[2] });
    expect(around(details, at(0))).toEqual({ following: details[0] });
  });

  it("A change that a finding dates after the instant had not happened; without one nobody knows", async () => {
    const { details, files } = await read(TWO);
    const seen = async (...records: readonly FindingRecord[]) =>
      (await archivedStanding(around(details, at(3)), files, records, at(3))).standing;
    expect(await seen()).toMatchObject({
      unknown: "changed",
      changed: [{ principalArn: roleOf("a"), changedAt: null }],
    });
    expect(await seen(finding(roleOf("a"), at(4)))).toMatchObject({ unknown: null, changed: [] });
    expect(await seen(finding(roleOf("a"), at(2)))).toMatchObject({
      unknown: "changed",
      changed: [{ principalArn: roleOf("a"), changedAt: at(2) }],
    });
    expect((await seen(finding(roleOf("b"), at(4)))).unknown).toBe("changed");
    const twice = [finding(roleOf("a"), at(2)), finding(roleOf("a"), at(4))];
    expect((await seen(...twice)).changed).toEqual([
      { principalArn: roleOf("a"), changedAt: at(2) },
    ]);
  });

  it("A list that the archive never had is said, and so is one after it", async () => {
    const first = await read(TWO, START, [1]);
    const then = await archivedStanding(around(first.details, at(3)), first.files, [], at(3));
    expect(then).toMatchObject({
      entries: [],
      standing: { unknown: "not-archived", reading: null },
    });
    const later = await read(TWO, START, [0]);
    const known = await archivedStanding(around(later.details, at(3)), later.files, [], at(3));
    expect(known.entries).toHaveLength(2);
    expect(known.standing).toMatchObject({ unknown: "changed", changed: null });
  });

  it("A list under a hash that fits, with what is no entry, is no list", async () => {
    const { details } = await read(TWO);
    const open = async function* () {
      yield Buffer.from("{}\n{}\n");
    };
    const files = contentFiles([{ name: `${details[0]?.content}.ndjson`, open }]);
    expect(await collected(open())).toHaveLength(1);
    const then = await archivedStanding(around(details, at(3)), files, [], at(3));
    expect(then.standing.unknown).toBe("not-archived");
  });

  it("A reading says nothing of a cluster that was made after it under the same name", async () => {
    const [old, young] = [await read(TWO.slice(0, 1)), await read(TWO.slice(1), at(2))];
    const details = [...old.details, ...young.details];
    const then = await archivedStanding(around(details, at(3)), old.files, [], at(3));
    expect(then.standing).toMatchObject({ unknown: "another-cluster", reading: null });
    expect(then.cluster?.createdAt).toBe(at(2));
  });

  it("From twelve hours after a reading nobody knows, and before the first one neither", async () => {
    const { details, files } = await read(TWO);
    const unknownAt = async (instant: string) =>
      (await archivedStanding(around(details, instant), files, [], instant)).standing.unknown;
    expect(await unknownAt(plusSeconds(at(19), 9.999))).toBeNull();
    expect(await unknownAt(plusSeconds(at(19), 10))).toBe("too-old");
    expect(await unknownAt(at(1))).toBe("not-kept");
  });
});
