import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryCursorKeys } from "../../../../lab/fakes/memory-cursor-keys.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import {
  CURSOR_SECONDS,
  openCursor,
  sealCursor,
} from "../../../../shared/http/server/sealed-cursor.ts";

const PLACE = "2026-11-24T12:00:00.000Z#0193a5a0-0000-7000-8000-000000000001";
const ALICE = { person: "alice", list: ["listGrants"] };
const keys = memoryCursorKeys();
const sealed = (at = T0) => sealCursor(keys, ALICE, PLACE, at);
const invalid = expect.objectContaining({ code: "invalid-cursor" });

describe("Sealed cursors", () => {
  it("A cursor leads to its place for the person and the list that it was made for", async () => {
    expect(await openCursor(keys, ALICE, await sealed(), T0)).toBe(PLACE);
  });

  it("A cursor says nothing but its day, and never the same twice", async () => {
    const [one, other] = [await sealed(), await sealed()];
    expect(one).not.toBe(other);
    const [day, text = ""] = one.split(".");
    expect(day).toBe("2026-11-24");
    for (const encoding of ["latin1", "utf8"] as const)
      expect(Buffer.from(text, "base64url").toString(encoding)).not.toMatch(/2026|0193|alice|list/);
  });

  it.each([
    ["another person", { ...ALICE, person: "mallory" }],
    ["another list", { ...ALICE, list: ["listRequests", "mine"] }],
    ["a list of other parameters", { ...ALICE, list: ["listGrants", T0] }],
    ["a person named as person and list", { person: 'alice","listGrants', list: [] }],
  ])("A cursor is of no use for %s", async (_who, scope) => {
    await expect(openCursor(keys, scope, await sealed(), T0)).rejects.toEqual(invalid);
  });

  it("A cursor is of no use once any character of it was changed, taken away or added", async () => {
    const cursor = await sealed();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(cursor.length - 1),
        fc.constantFrom("", "A", "z", "_", ".", "9", "AA"),
        async (at, put) => {
          const changed = cursor.slice(0, at) + put + cursor.slice(at + 1);
          fc.pre(changed !== cursor && !isSameBytes(changed, cursor));
          await expect(openCursor(keys, ALICE, changed, T0)).rejects.toEqual(invalid);
        },
      ),
    );
  });

  it.each(["", "e30", ".", "2026-11-24.", "2026-11-24.AAAA", `2026-11-24.${"A".repeat(2_000)}`])(
    "The text %j is no cursor",
    async (text) => {
      await sealed();
      await expect(openCursor(keys, ALICE, text, T0)).rejects.toEqual(invalid);
    },
  );

  it("A cursor is good for an hour, also over midnight, and not for longer", async () => {
    for (const at of [T0, "2026-11-24T23:30:00.000Z"]) {
      const cursor = await sealed(at);
      const last = plusSeconds(at, CURSOR_SECONDS - 1);
      expect(await openCursor(keys, ALICE, cursor, last)).toBe(PLACE);
      for (const seconds of [CURSOR_SECONDS, 2 * 86_400]) {
        const later = openCursor(keys, ALICE, cursor, plusSeconds(at, seconds));
        await expect(later).rejects.toMatchObject({
          code: "invalid-cursor",
          message: expect.stringContaining("older than 60 minutes"),
        });
      }
    }
  });

  it("An old cursor makes nobody look for a key", async () => {
    const asked: string[] = [];
    const spied = {
      findKey: async (day: string) => void asked.push(day),
      keyFor: async (day: string) => {
        throw new Error(day);
      },
    };
    const old = `2020-01-01.${"A".repeat(80)}`;
    await expect(openCursor(spied as never, ALICE, old, T0)).rejects.toEqual(invalid);
    expect(asked).toEqual([]);
  });
});

/** The last character of base64url may hold bits that mean nothing. */
const isSameBytes = (a: string, b: string) => {
  const bytes = (text: string) => Buffer.from(text.split(".")[1] ?? "", "base64url");
  return (
    a.split(".").length === 2 && a.split(".")[0] === b.split(".")[0] && bytes(a).equals(bytes(b))
  );
};
