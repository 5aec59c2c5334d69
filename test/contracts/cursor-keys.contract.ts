import { beforeEach, describe, expect, it } from "vitest";
import type { CursorKeys } from "../../shared/ports/cursor-keys.ts";

const DAY = "2026-11-24";

/**
 * The promises of every CursorKeys. `make` answers empty ones; each `open` is a process of its own.
 */
export function cursorKeysContract(name: string, make: () => Promise<() => CursorKeys>) {
  describe(`${name} as CursorKeys`, () => {
    let open: () => CursorKeys;
    beforeEach(async () => {
      open = await make();
    });

    it("There is no key of a day before somebody needs one", async () => {
      expect(await open().findKey(DAY)).toBeUndefined();
    });

    it("Every process gets the same 32 bytes, even at the same moment", async () => {
      const keys = await Promise.all(Array.from({ length: 5 }, () => open().keyFor(DAY)));
      const [first] = keys;
      expect(first).toHaveLength(32);
      for (const key of [...keys, await open().findKey(DAY)])
        expect(Buffer.from(key ?? [])).toEqual(Buffer.from(first ?? []));
    });

    it("Another day has another key", async () => {
      const keys = open();
      const [one, other] = [await keys.keyFor(DAY), await keys.keyFor("2026-11-25")];
      expect(Buffer.from(one)).not.toEqual(Buffer.from(other));
    });
  });
}
