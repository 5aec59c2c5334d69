/** The end of a chain in a partition in which others can write. */
import { describe, expect, it } from "vitest";
import { freeEnd } from "../../../../../shared/aws/dynamodb/audit/stored-record.ts";
import { padded } from "../../../../../shared/aws/dynamodb/keys.ts";
import { NO_RECORD } from "../../../../../shared/domain/values/hash-chain.ts";

const item = (seq: number, hash: string, previousHash: string, more: object = {}) => ({
  sk: padded(seq),
  record: { seq, at: "t", type: "finding", hash, previousHash, details: {}, ...more },
});
const ONE = item(1, "h1", NO_RECORD.hash);
const TWO = item(2, "h2", "h1");

describe("The end of a chain", () => {
  it("The next record follows the last one, whatever the order of the items", () => {
    expect(freeEnd([])).toEqual({ seq: NO_RECORD.seq, hash: NO_RECORD.hash });
    expect(freeEnd([TWO, ONE])).toEqual({ seq: 2, hash: "h2" });
  });

  it("A record that follows no other is passed over, and its place is not used again", () => {
    expect(freeEnd([ONE, TWO, item(3, "x", "other")])).toEqual({ seq: 3, hash: "h2" });
    expect(freeEnd([ONE, TWO, item(5, "x", "other")])).toEqual({ seq: 2, hash: "h2" });
  });

  it("A record that is not whole, or not at its own place, is passed over", () => {
    expect(freeEnd([ONE, item(2, "h2", "h1", { details: null })])).toEqual({ seq: 2, hash: "h1" });
    expect(freeEnd([ONE, { ...TWO, sk: padded(3) }])).toEqual({ seq: 1, hash: "h1" });
  });
});
