import { describe, expect, it } from "vitest";
import { settledFuses } from "../../../../shared/domain/entries/fuses.ts";

describe("A fuse whose arming had no answer", () => {
  it("It stays deleted from the very instant on at which its arming can land no more", () => {
    const landsUntil = "2026-11-24T10:00:30.000Z";
    const fuse = { name: "f-1", target: "groups", at: landsUntil, sure: false, landsUntil };
    expect(settledFuses([fuse], "2026-11-24T10:00:29.999Z")).toEqual([]);
    expect(settledFuses([fuse], landsUntil)).toEqual([fuse]);
  });
});
