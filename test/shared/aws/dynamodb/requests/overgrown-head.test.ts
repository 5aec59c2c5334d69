/** The attributes that a head does without, where others filled it. */
import { describe, expect, it } from "vitest";
import { aRequest } from "../../../../../lab/fakes/builders.ts";
import { headCounts, headGrant } from "../../../../../shared/aws/dynamodb/keys.ts";
import { surplusOn } from "../../../../../shared/aws/dynamodb/requests/overgrown-head.ts";

const GRANT = aRequest();
const OURS = {
  pk: "BIND#a",
  sk: "HEAD",
  version: 3,
  [headGrant(GRANT.id)]: 3,
  ...Object.fromEntries(Object.values(headCounts(GRANT.requester)).map((name) => [name, 1])),
};
const surplus = (more: object) => surplusOn({ ...OURS, ...more }, [GRANT], ["version"]);
const text = (length: number) => "x".repeat(length);

describe("A head that others filled", () => {
  it("Nothing goes while it has no more than 100,000 bytes", () => {
    expect(surplus({ a: text(90_000), version: text(3_001) })).toEqual([]);
  });

  it("What others wrote goes, largest first, and nothing that a step writes", () => {
    expect(surplus({ a: text(40_000), b: text(60_000), c: 1 })).toEqual(["b", "a", "c"]);
  });

  it("One of ours goes once its value is larger than any of ours", () => {
    expect(surplus({ a: text(100_000), version: text(3_000) })).toEqual(["a"]);
    expect(surplus({ a: text(100_000), version: text(3_001) })).toEqual(["a", "version"]);
  });

  it("The key and the places in the indexes stay, however large", () => {
    expect(surplus({ sk: text(120_000), duePk: text(2_000) })).toEqual([]);
  });

  it.each<[string, unknown]>([
    ["a text of many bytes", "€".repeat(34_000)],
    ["bytes", new Uint8Array(100_000)],
    ["a list", Array.from({ length: 13_000 }, () => 1)],
    ["a set", new Set(Array.from({ length: 13_000 }, (_, at) => at))],
    ["the values of a map", { a: { b: text(100_000) } }],
    ["the names in a map", { [text(100_000)]: null }],
  ])("All of its size counts: %s", (_, value) => {
    expect(surplus({ filler: value })).toEqual(["filler"]);
  });
});
