/** No kind of item is stored of which there is no golden one. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { EVENT_TYPES } from "../../shared/domain/requests/audit-event.ts";
import { type Item, RELEASES, readGolden } from "./golden-items.ts";

const KEY_FILES = ["keys", "evidence/record-keys", "requests/lent-keys", "standing/standing-keys"];

/** Every text that keys and index attributes begin with, or consist of. */
const PREFIXES = KEY_FILES.flatMap((name) => {
  const source = readFileSync(
    new URL(`../../shared/aws/dynamodb/${name}.ts`, import.meta.url),
    "utf8",
  ).replaceAll(/\/\*\*[\s\S]*?\*\//g, "");
  const prefixes = [...source.matchAll(/[`"]([A-Z][A-Z-]+#|[A-Z][A-Z#-]{3,}(?="))/g)];
  return prefixes.flatMap(([, prefix = ""]) => prefix);
});

/** Every text of an item that is no nested value: its keys and index attributes. */
const textsOf = (item: Item) =>
  Object.values(item).flatMap((value) => (typeof value === "string" ? [value] : []));

const goldens = RELEASES.map(readGolden);
const texts = goldens.flatMap(({ tables }) => Object.values(tables).flat().flatMap(textsOf));

describe("Golden items", () => {
  it("The files of keys have as many prefixes as a reader finds there", () => {
    expect(new Set(PREFIXES).size).toBeGreaterThan(40);
    expect(PREFIXES).toEqual(expect.arrayContaining(["REQ#", "STOP#", "DELEGATIONS", "LIVE"]));
  });

  it.each([...new Set(PREFIXES)])(
    "There is one with %s. If it is new, record the life of this release: test/golden/record.ts",
    (prefix) => {
      const isThere = prefix.endsWith("#")
        ? (text: string) => text.startsWith(prefix)
        : (text: string) => text === prefix;
      expect(texts.some(isThere)).toBe(true);
    },
  );

  it("Every one says the schema that this release reads, but a lane of messages, which lives a day", () => {
    for (const { tables } of goldens)
      for (const item of Object.values(tables).flat())
        if (item["sk"] !== "PACE") expect(item).toMatchObject({ schema: 1 });
  });

  it("Every kind of event has one, or a reason why its details are those of another", () => {
    const found = goldens.flatMap(({ tables }) =>
      tables.audit.flatMap(({ event }) => (event as { type: string } | undefined)?.type ?? []),
    );
    const wanting = EVENT_TYPES.filter((type) => !found.includes(type) && !(type in LIKE));
    expect(wanting).toEqual([]);
    for (const like of Object.values(LIKE)) if (like) expect(found).toContain(like);
  });

  it("The archive has an object of every kind", () => {
    for (const kind of ["first-day.txt", "records/", "seals/", "policies/", "published/"])
      expect(
        goldens.some(({ archive }) =>
          Object.keys(archive.objects).some((key) => key.startsWith(kind)),
        ),
      ).toBe(true);
  });
});

/** Types whose details have another type's form; null for a type without details. */
const LIKE: Readonly<Record<string, string | null>> = {
  lapse: null,
  extend: null,
  refuse: "activate",
  return: "cancel",
  revoke: "cancel",
  withdraw: null,
  evidence: "settle",
};
