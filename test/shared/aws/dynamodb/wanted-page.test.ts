/** Pages of what is wanted, and items in an index of what is due that are not ours. */
import { describe, expect, it } from "vitest";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { bindingPk, HEAD, stateKey } from "../../../../shared/aws/dynamodb/keys.ts";
import { bindingIn, requestIn } from "../../../../shared/aws/dynamodb/requests/stray-items.ts";
import { wantedPage } from "../../../../shared/aws/dynamodb/wanted-page.ts";
import { LOOKED_AT_A_PAGE } from "../../../../shared/ports/request-store.ts";

/** Numbers below `count`, each at its own place; a multiple of `gone` is there no more. */
const numbers = (count: number, gone = Number.POSITIVE_INFINITY) => {
  const reads: number[] = [];
  const read = async (after: string | undefined, most: number) => {
    const from = after === undefined ? 0 : Number(after) + 1;
    reads.push(from);
    return Array.from({ length: Math.max(0, Math.min(most, count - from)) }, (_, at) => ({
      place: String(from + at),
      item: (from + at) % gone === 0 && from + at > 0 ? undefined : from + at,
    }));
  };
  return { read, reads };
};
const isEven = (n: number) => n % 2 === 0;

describe("A page of what is wanted", () => {
  it("It has as many as were asked for, and the place of the last, where there is one more", async () => {
    const { read } = numbers(10);
    expect(await wantedPage({ limit: 3 }, isEven, read)).toEqual({ items: [0, 2, 4], next: "4" });
    expect(await wantedPage({ limit: 3, after: "4" }, isEven, read)).toEqual({ items: [6, 8] });
    expect(await wantedPage({ limit: 5 }, isEven, read)).toEqual({ items: [0, 2, 4, 6, 8] });
    expect(await wantedPage({ limit: 10 }, () => true, read)).toMatchObject({
      items: { length: 10 },
    });
    expect(await wantedPage({ limit: 9 }, () => true, read)).toMatchObject({ next: "8" });
  });

  it("A row that is gone is no item", async () => {
    const { read } = numbers(7, 3);
    expect(await wantedPage({ limit: 9 }, () => true, read)).toEqual({ items: [0, 1, 2, 4, 5] });
  });

  it("It ends where enough was looked at, with the place to go on from", async () => {
    const { read, reads } = numbers(100_000);
    const { items, next } = await wantedPage({ limit: 99 }, () => false, read);
    expect(items).toEqual([]);
    expect(reads).toHaveLength(Math.ceil(LOOKED_AT_A_PAGE / 100));
    expect(next).toBe(String(reads.length * 100 - 1));
  });
});

describe("An item of what is due", () => {
  const binding = "ab".repeat(32);

  it("It is a binding's head, or a request's state, by both of its keys", () => {
    const pk = bindingPk(binding);
    expect(bindingIn({ pk, sk: HEAD })).toBe(binding);
    const state = stateKey(countedId(1));
    expect(requestIn(state)).toBe(countedId(1));
    const strays: readonly object[] = [
      ...[
        { pk, sk: "LEDGER" },
        { pk: bindingPk("AB".repeat(32)), sk: HEAD },
      ],
      ...[
        { pk: bindingPk(`${binding}0`), sk: HEAD },
        { pk: binding, sk: HEAD },
        { pk: 7, sk: HEAD },
      ],
      ...[{ ...state, sk: "NOTE" }, { ...state, pk: "REQ#x" }, { ...state, pk: countedId(1) }, {}],
    ];
    for (const stray of strays) {
      expect(bindingIn(stray as never)).toBeUndefined();
      expect(requestIn(stray as never)).toBeUndefined();
    }
    expect([bindingIn(state), requestIn({ pk, sk: HEAD })]).toEqual([undefined, undefined]);
  });
});
