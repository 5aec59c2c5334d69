import { describe, expect, it } from "vitest";
import { ACCOUNT, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import {
  contentHash,
  contentOf,
  entriesIn,
  isReadingDetails,
  readAfterOf,
} from "../../../../shared/domain/standing/reading.ts";
import {
  nextReading,
  type ReadingRecord,
  readingVerifier,
} from "../../../../shared/domain/standing/reading-record.ts";
import type { StandingEntry } from "../../../../shared/domain/standing/standing-entry.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { aReading } from "../../../contracts/reading-store.contract.ts";
import { EDIT, standing, VIEW } from "./samples.ts";

const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const entry = (name: string, changes: Partial<StandingEntry> = {}): StandingEntry => {
  const made = standing({ targets: { [EDIT]: ["ns/ci"], [VIEW]: ["cluster"] } }, [], roleOf(name));
  if (!made) throw new Error("It does not stand.");
  return { ...made, ...changes };
};

async function* each(entries: readonly StandingEntry[]) {
  yield* entries;
}
const contentIn = async (...entries: readonly StandingEntry[]) => {
  const found = await contentOf(each(entries));
  if (!found) throw new Error("It is too large.");
  return found;
};
const hashOf = async (...entries: readonly StandingEntry[]) =>
  contentHash((await contentIn(...entries)).lines);

describe("The content of a reading", () => {
  it("Two readings of the same have one hash, whatever the order and the times", async () => {
    const [a, b] = [entry("a"), entry("b")];
    const later = { ...a, readAt: plusSeconds(a.readAt, 7_200), policies: a.policies.toReversed() };
    expect(await hashOf(b, later)).toBe(await hashOf(a, b));
  });

  it.each([
    ["a policy less", { policies: [] }],
    ["another group", { groups: ["admins"] }],
    ["a claim", { claimedBy: ["x"] }],
    ["a principal that is gone", { principal: "gone" }],
    ["a name that is cut", { isCut: true }],
  ] as const)("%s makes another hash", async (_, changes) => {
    expect(await hashOf(entry("a", changes))).not.toBe(await hashOf(entry("a")));
  });

  it("An entry that a broken-off pass read twice counts as it was read last", async () => {
    const last = entry("a", { groups: ["admins"], readAt: plusSeconds(T0, 60) });
    for (const order of [
      [entry("a"), last],
      [last, entry("a")],
    ]) {
      const { entries, lines } = await contentIn(...order);
      expect(entries).toEqual([last]);
      expect(lines).toHaveLength(1);
    }
  });

  it("Every entry comes back with its own time, to the millisecond", async () => {
    const startedAt = plusSeconds(T0, -60);
    const all = [entry("b"), entry("a", { readAt: plusSeconds(T0, 0.001) })];
    const found = await contentIn(...all);
    const readAfter = readAfterOf(found, startedAt);
    expect(readAfter).toEqual([60_001, 60_000]);
    expect(entriesIn(found.lines, { startedAt, readAfter })).toMatchObject([
      { principalArn: roleOf("a"), readAt: plusSeconds(T0, 0.001) },
      { principalArn: roleOf("b"), readAt: T0 },
    ]);
  });

  it("A content that is larger than the archive keeps has no hash", async () => {
    const groups = [`${"x".repeat(16 * 1_024 * 1_024)}`];
    expect(await contentOf(each([entry("a", { groups })]))).toBeUndefined();
  });

  it.each([
    ["no JSON", "{"],
    ["no object", "null"],
    ["an entry without a principal", JSON.stringify({ ...entry("a"), principalArn: 1 })],
    ["policies that are none", JSON.stringify({ ...entry("a"), policies: [1] })],
    [
      "elements that are no texts",
      JSON.stringify({
        ...entry("a"),
        policies: [{ policyArn: "x", power: "edit", elements: [1] }],
      }),
    ],
    ["groups that are none", JSON.stringify({ ...entry("a"), groups: "admins" })],
  ])("%s under a hash that fits is no list of entries", (_, line) => {
    expect(entriesIn([line], { startedAt: T0, readAfter: [0] })).toBeUndefined();
  });

  it("A list of another length than the record has times is no list of entries", async () => {
    const { lines } = await contentIn(entry("a"), entry("b"));
    for (const readAfter of [[], [1], [1, 2, 3]])
      expect(entriesIn(lines, { startedAt: T0, readAfter })).toBeUndefined();
  });
});

describe("The details of a reading", () => {
  it("They are believed only in their own form", () => {
    expect(isReadingDetails(aReading(1))).toBe(true);
    expect(isReadingDetails(aReading(1, { content: null, cluster: null, readAfter: [] }))).toBe(
      true,
    );
    for (const changes of [
      { content: "../../x" },
      { content: undefined },
      { passId: 1 },
      { startedAt: "yesterday" },
      { completedAt: plusSeconds(aReading(1).startedAt, -1) },
      { readAfter: ["1"] },
      { read: 0.5 },
      { cluster: {} },
      { cluster: { ...aReading(1).cluster, authenticationMode: "toString" } },
    ])
      expect(isReadingDetails({ ...aReading(1), ...changes })).toBe(false);
  });
});

describe("The chain of a cluster's readings", () => {
  const chainOf = (...details: readonly ReturnType<typeof aReading>[]) => {
    const records: ReadingRecord[] = [];
    for (const one of details) records.push(nextReading(records.at(-1), PROD.arn, one));
    return records;
  };
  const faultsIn = (records: ReturnType<typeof chainOf>) => {
    const verifier = readingVerifier();
    return [...records.flatMap((one) => verifier.add(one) ?? []), ...verifier.end()];
  };

  it("Readings in their order hold", () => {
    expect(faultsIn(chainOf(aReading(1), aReading(2), aReading(3)))).toEqual([]);
  });

  it("A reading that is dated back is a fault, although its hash fits", () => {
    expect(faultsIn(chainOf(aReading(2), aReading(1)))).toMatchObject([{ seq: 2, fault: "time" }]);
  });

  it("A reading that is left out is a fault", () => {
    const [first, , third] = chainOf(aReading(1), aReading(2), aReading(3));
    expect(faultsIn([first, third].flatMap((one) => one ?? []))).toMatchObject([{ fault: "gap" }]);
  });

  it("A reading of another time than its details is a fault, and so is one without them", () => {
    const forged = aReading(1, { startedAt: "x" });
    expect(faultsIn(chainOf(forged))).toMatchObject([{ seq: 1, fault: "order" }]);
  });
});
