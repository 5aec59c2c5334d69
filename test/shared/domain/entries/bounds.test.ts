import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALICE, aRequest, PROD, settings, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { EDIT, VIEW } from "../../../../lab/fakes/memory-broker.ts";
import { longEdit, longNames, longView } from "../../../../lab/fakes/shared-entry.ts";
import { intend } from "../../../../shared/domain/entries/attempt.ts";
import {
  DETAIL_BYTES,
  FAILING_AT_ONCE,
  fullest,
  fullestBytes,
  grantBytes,
  kept,
  LEDGER_BYTES,
  ledgerBytes,
  reservedBytes,
  withReached,
} from "../../../../shared/domain/entries/bounds.ts";
import { type Ledger, openLedger } from "../../../../shared/domain/entries/ledger.ts";
import { stepTo } from "../../../../shared/domain/entries/step.ts";

const LONG_ID = countedId(1);
const empty = openLedger({ binding: "b".repeat(64), clusterArn: PROD.arn, principalArn: ALICE });
const elementsOf = (tag: string, count: number) =>
  longNames(tag, count).map((name) => `ns/${name}`);
const reached = (n: number, count: number, target = EDIT) => ({
  grantId: countedId(n),
  target,
  elements: elementsOf(`n${n}`, count),
});
const grant = (n: number, access = longEdit(`n${n}`), over = {}) =>
  aRequest({ id: countedId(n), access, ...over });

/** The most of something that has room in a ledger. */
const mostOf = (ledgerOf: (count: number) => Ledger, tooMany: number): number => {
  let [fits, over] = [0, tooMany];
  while (over - fits > 1) {
    const middle = Math.floor((fits + over) / 2);
    if (fullestBytes(ledgerOf(middle)) <= LEDGER_BYTES) fits = middle;
    else over = middle;
  }
  return fits;
};

describe("How large a ledger becomes", () => {
  it("The page's numbers are those of the code", () => {
    const withElements = (count: number) => withReached(empty, [reached(1, count)]);
    const ofFifty = (count: number) =>
      withReached(
        empty,
        Array.from({ length: count }, (_, n) => reached(n, 50)),
      );
    const small = (n: number) => ({ grantId: countedId(n), target: EDIT, elements: ["cluster"] });
    const ofOne = (count: number) =>
      withReached(
        empty,
        Array.from({ length: count }, (_, n) => small(n)),
      );
    const [one] = [ofOne(1)];
    const page = readFileSync("docs/protocol.md", "utf8");
    const numbers = {
      empty: fullestBytes(empty),
      element: fullestBytes(withElements(2)) - fullestBytes(withElements(1)),
      target: fullestBytes(withReached(one, [{ ...small(0), target: VIEW }])) - fullestBytes(one),
      grant: fullestBytes(ofOne(2)) - fullestBytes(one),
      fact: fullestBytes(withReached(empty, [{ ...small(0), leans: true }])) - fullestBytes(one),
      namespaces: mostOf(withElements, 2_000),
      grantsOfFifty: mostOf(ofFifty, 50),
      grants: mostOf(ofOne, 500),
    };
    expect(numbers).toEqual({
      empty: 17_173,
      element: 228,
      target: 2_623,
      grant: 1_310,
      fact: 1_001,
      namespaces: 1_255,
      grantsOfFifty: 22,
      grants: 219,
    });
    for (const number of Object.values(numbers))
      expect(page).toContain(number.toLocaleString("en"));
  });

  it("The intent of any narrowing of a ledger is no larger than its fullest form", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ count: fc.integer({ min: 1, max: 60 }), isView: fc.boolean() }), {
          minLength: 1,
          maxLength: 8,
        }),
        (grants) => {
          const ledger = withReached(
            empty,
            grants.map(({ count, isView }, n) => reached(n, count, isView ? VIEW : EDIT)),
          );
          const steps = Object.entries(ledger.targets).map(([target, elements]) =>
            stepTo(target, Object.keys(elements), null),
          );
          const intent = intend(ledger, steps, { now: T0, landBy: T0 }, settings());
          expect(ledgerBytes(intent)).toBeLessThanOrEqual(fullestBytes(ledger));
          expect(fullestBytes(intent)).toBe(fullestBytes(ledger));
        },
      ),
      { numRuns: 50, seed: 4_711 },
    );
  });

  it("The fullest form has a place for each reason of grants that fail before they begin", () => {
    expect(Object.keys(fullest(empty).failing)).toHaveLength(FAILING_AT_ONCE);
    const failing = { [countedId(1)]: { code: "refused-by-aws", detail: "No." } };
    expect(Object.keys(fullest({ ...empty, failing }).failing)).toHaveLength(FAILING_AT_ONCE);
  });

  it("The fullest form has room for a doubt, and for an entry that is given up", () => {
    const arn = "arn:entry".padEnd(400, "x");
    const found = { unsureSince: T0, adopted: arn, leftOut: "0".repeat(64) };
    const given = { ...empty, entry: { ...empty.entry, arn } };
    expect(fullestBytes({ ...given, ...found })).toBe(fullestBytes(given));
  });

  it("The fullest form has a version for each of them, which a run stores with its last step", () => {
    const failing = { [countedId(1)]: { code: "refused-by-aws", detail: "No." } };
    const { steps = {} } = fullest({ ...empty, failing }).basis ?? {};
    expect(Object.keys(steps)).toHaveLength(FAILING_AT_ONCE);
    expect(steps).toHaveProperty(countedId(1));
  });
});

describe("The room that the open grants of an entry reserve", () => {
  it("The fullest form keeps every token, and has a place for two more", () => {
    const tokens = ["t1", "t2", "t3"];
    const filled = fullest({ ...empty, entry: { ...empty.entry, tokens } }).entry.tokens;
    expect(filled).toEqual([...tokens, expect.any(String), expect.any(String)]);
  });

  it("Grants of the same access share their elements", () => {
    const [one, two, three] = [grant(1), grant(2, longEdit("n1")), grant(3)];
    expect(reservedBytes([one, two]) - reservedBytes([one])).toBeLessThan(1_400);
    expect(reservedBytes([one, three]) - reservedBytes([one])).toBeGreaterThan(11_400);
    expect(reservedBytes([])).toBe(0);
  });

  it("No grant adds more than its own bytes to those of others on its policy", () => {
    for (const each of [grant(2), grant(2, longEdit("n2", 1)), grant(2, longEdit("n1"))]) {
      const added = reservedBytes([grant(1), each]) - reservedBytes([grant(1)]);
      expect(added).toBeLessThanOrEqual(grantBytes(each));
    }
    const view = grant(2, longView("n2"));
    const added = reservedBytes([grant(1), view]) - reservedBytes([grant(1)]);
    expect(added - grantBytes(view)).toBeLessThan(3_000);
  });

  it("An extension reserves nothing for its access, which is its predecessor's", () => {
    expect(grantBytes(grant(2, longEdit("n2"), { extends: LONG_ID }))).toBeLessThan(1_400);
  });
});

describe("A refusal in a ledger", () => {
  it("A refusal keeps as much of its text as was reserved, and no letter by half", () => {
    expect(kept({ code: "x", detail: "short" })).toEqual({ code: "x", detail: "short" });
    const { detail } = kept({ code: "x", detail: "ä".repeat(400) });
    expect(detail).toBe("ä".repeat(DETAIL_BYTES / 2));
    expect(kept({ code: "x", detail: `a${"ä".repeat(400)}` }).detail).toBe(
      `a${"ä".repeat(DETAIL_BYTES / 2 - 1)}`,
    );
  });
});
