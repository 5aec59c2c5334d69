import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listedIn, NotListed } from "../../../cli/audit/listed-in.ts";

const NAMES = new Set(["Records", "Events"]);

/** The elements of a text that comes in chunks of some bytes each. */
async function listed(text: string, size = 7, longest = 1_000) {
  const bytes = Buffer.from(text);
  const chunks = async function* () {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
  const found: unknown[] = [];
  for await (const { text: each } of listedIn(chunks(), NAMES, longest))
    found.push(each === undefined ? "too long" : JSON.parse(each));
  return found;
}

describe("The elements of a list in a document", () => {
  it("They are what JSON.parse finds, wherever the chunks end", async () => {
    const documents = fc.record({
      before: fc.jsonValue(),
      Records: fc.array(fc.jsonValue()),
      after: fc.jsonValue(),
    });
    await fc.assert(
      fc.asyncProperty(
        documents,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(2),
        async (of, size, by) => {
          const { Records } = JSON.parse(JSON.stringify(of)) as typeof of;
          expect(await listed(JSON.stringify(of, null, by), size, 100_000)).toEqual(Records);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("A list of that name further inside is none of them", async () => {
    const inner = '{"a":{"Records":[1]},"b":["Records",[2]],"c":"\\"Records\\":[3]","Records":[4]}';
    expect(await listed(inner)).toEqual([4]);
  });

  it("An element that is too long is none, and those after it are there", async () => {
    const text = JSON.stringify({ Events: ["a", "b".repeat(50), "c"], NextToken: "x" });
    expect(await listed(text, 7, 20)).toEqual(["a", "too long", "c"]);
  });

  it("An empty list has no elements", async () => {
    expect(await listed('{"Records": [ ] }')).toEqual([]);
  });

  it.each(["", "text", "[]", '{"rows":[]}', '{"Records":[1', '{"Records":[1]', '{"Records":[]} x'])(
    "A document such as %j is refused",
    async (text) => {
      await expect(listed(text)).rejects.toBeInstanceOf(NotListed);
    },
  );
});
