import { describe, expect, it } from "vitest";
import { identify } from "../../../../shared/domain/entries/identify.ts";
import {
  type EntryKnowledge,
  openLedger,
  TAG_TOKEN,
} from "../../../../shared/domain/entries/ledger.ts";

const LAG = { readLagSeconds: 45, clockDifferenceSeconds: 10, landsWithinSeconds: 300 };
const UNKNOWN = openLedger({ binding: "b", clusterArn: "c", principalArn: "p" }).entry;

/** Reads may still miss our deletion, and a create has been unanswered since then. */
const KNOWN: EntryKnowledge = {
  ...UNKNOWN,
  bornAt: "2026-11-24T10:00:00.000Z",
  tokens: ["earlier", "open"],
  tokenOpen: true,
  deleteUntil: "2026-11-24T10:05:00.000Z",
};

const seenWith = (token: string) => ({
  begunAt: "2026-11-24T10:04:30.000Z",
  entry: {
    accessEntryArn: "arn:new",
    type: "STANDARD",
    username: "u",
    createdAt: "2026-11-24T10:04:20.000Z",
    tags: { [TAG_TOKEN]: token },
    targets: {},
  },
});

describe("An entry that is read soon after our deletion", () => {
  it("An entry with the token of our open create is ours, even soon after our deletion", () => {
    const { sight, entry } = identify(KNOWN, seenWith("open"), LAG);
    expect([sight, entry.arn, entry.owned]).toEqual(["same", "arn:new", true]);
  });

  it("An entry with an earlier token, or after an answered create, is a stale read", () => {
    expect(identify(KNOWN, seenWith("earlier"), LAG).sight).toBe("stale");
    const answered = { ...KNOWN, tokenOpen: false };
    expect(identify(answered, seenWith("open"), LAG).sight).toBe("stale");
  });
});
