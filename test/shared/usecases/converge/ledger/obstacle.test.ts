/** Obstacles to access for every grant of an entry, and their certainty. */
import { describe, expect, it } from "vitest";
import { aRequest, T0 } from "../../../../../lab/fakes/builders.ts";
import type { ActualEntry } from "../../../../../shared/domain/entries/actual-entry.ts";
import { type Ledger, TAG_TOKEN } from "../../../../../shared/domain/entries/ledger.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import type { Subject } from "../../../../../shared/usecases/converge/look-up-subject.ts";
import {
  confirm,
  isSecondLook,
  obstacleIn,
  seenGone,
  successorOf,
} from "../../../../../shared/usecases/converge/obstacle.ts";
import { aLedger, anEntry, LAG } from "../../../domain/entries/situations.ts";

const ledgerWith = (more: Partial<Ledger>): Ledger => ({ ...aLedger(), ...more });
const at = (seconds: number) => plusSeconds(T0, seconds);
const CREATED = at(-86_400);
const SUBJECT = {
  askedAt: T0,
  cluster: { kind: "known", createdAt: CREATED, authenticationMode: "API" },
  principal: { kind: "known", id: "AROAALICE", createdAt: CREATED },
} as const;
const subject = (more: object) => ({ ...SUBJECT, ...more }) as unknown as Subject;
const cluster = (more: object) => subject({ cluster: { ...SUBJECT.cluster, ...more } });
const principal = (more: object) => subject({ principal: { ...SUBJECT.principal, ...more } });

describe("The obstacle that a look-up shows", () => {
  const code = (found: Subject, ledger: Ledger = aLedger(), entry?: ActualEntry) =>
    obstacleIn(found, entry, ledger, "prod")?.code;

  it("There is none where cluster and principal are the same as ever, or do not answer", () => {
    const known = ledgerWith({ principalId: "AROAALICE", clusterCreatedAt: CREATED });
    expect(code(subject({}), known)).toBeUndefined();
    expect(code(subject({}))).toBeUndefined();
    const silent = { kind: "unavailable" };
    expect(code(subject({ cluster: silent, principal: silent }), known)).toBeUndefined();
  });

  it("A cluster that is gone, or was created at another second than the ledger knows", () => {
    const known = ledgerWith({ clusterCreatedAt: CREATED });
    const created = (seconds: number) =>
      code(cluster({ createdAt: plusSeconds(CREATED, seconds) }), known);
    expect(code(subject({ cluster: { kind: "gone" } }))).toBe("cluster-gone");
    expect([-1, 0, 1].map(created)).toEqual([undefined, undefined, undefined]);
    expect([-1.001, 1.001].map(created)).toEqual(["cluster-gone", "cluster-gone"]);
  });

  it("A principal that is gone, or has another id than the ledger knows", () => {
    expect(code(subject({ principal: { kind: "gone" } }))).toBe("principal-gone");
    const known = ledgerWith({ principalId: "AROAALICE" });
    expect(code(principal({ id: "AROAOTHER" }), known)).toBe("principal-recreated");
    expect(code(principal({ id: "AROAOTHER" }))).toBeUndefined();
  });

  it("Somebody else's entry that is older than the principal", () => {
    const entry = (seconds: number, more: Partial<ActualEntry> = {}): ActualEntry => ({
      ...anEntry({}),
      createdAt: plusSeconds(CREATED, seconds),
      tags: {},
      accessEntryArn: "arn:entry",
      ...more,
    });
    expect([-1, 0, 1].map((seconds) => code(subject({}), aLedger(), entry(seconds)))).toEqual([
      ...["entry-dead", undefined, undefined],
    ]);
    const owned = (changes: object) => {
      const ledger = aLedger();
      return { ...ledger, entry: { ...ledger.entry, ...changes } } as Ledger;
    };
    expect(code(subject({}), owned({ owned: true, arn: "arn:entry" }), entry(-1))).toBeUndefined();
    expect(code(subject({}), owned({ owned: true, arn: "arn:other" }), entry(-1))).toBe(
      "entry-dead",
    );
    expect(code(subject({}), owned({ owned: false, arn: "arn:entry" }), entry(-1))).toBe(
      "entry-dead",
    );
    const tagged = entry(-1, { tags: { [TAG_TOKEN]: "t" } });
    expect(code(subject({}), owned({ tokens: ["t"] }), tagged)).toBeUndefined();
    expect(code(subject({}), owned({ tokens: ["u"] }), tagged)).toBe("entry-dead");
  });
});

describe("A successor of what a request meant", () => {
  const code = (found: Subject) => successorOf(found, aRequest({ createdAt: T0 }), LAG)?.code;
  const difference = LAG.clockDifferenceSeconds;

  it("A cluster that was created after the request", () => {
    expect(code(subject({}))).toBeUndefined();
    expect([0, 0.001].map((seconds) => code(cluster({ createdAt: at(seconds) })))).toEqual([
      ...[undefined, "cluster-gone"],
    ]);
    expect(code(subject({ cluster: { kind: "gone" } }))).toBeUndefined();
  });

  it("A principal that may be younger, by clocks that differ and dates of whole seconds", () => {
    const created = (seconds: number) => code(principal({ createdAt: at(seconds) }));
    expect(created(-difference - 1)).toBeUndefined();
    expect(created(-difference - 0.999)).toBe("principal-recreated");
    expect(created(1)).toBe("principal-recreated");
    expect(code(subject({ principal: { kind: "unavailable" } }))).toBeUndefined();
  });
});

describe("Two looks at an obstacle", () => {
  const GONE = { code: "principal-gone", detail: "gone" };
  const lag = LAG.readLagSeconds;
  const doubted = (code: string, since = T0) => ledgerWith({ doubt: { code, since } });

  it("The first look doubts, and says when the second can be", () => {
    expect(confirm(aLedger(), GONE, T0, LAG)).toMatchObject({
      ledger: { doubt: { code: GONE.code, since: T0 } },
      certain: undefined,
    });
    expect(confirm(aLedger(), GONE, T0, LAG).againAt).toBeDefined();
  });

  it("A second look is sure once a read sees what was there at the first, and not before", () => {
    const { againAt = "" } = confirm(aLedger(), GONE, T0, LAG);
    expect(againAt >= at(lag)).toBe(true);
    const before = confirm(doubted(GONE.code), GONE, plusSeconds(againAt, -0.001), LAG);
    expect(before).toMatchObject({ certain: undefined, againAt });
    expect(confirm(doubted(GONE.code), GONE, againAt, LAG)).toMatchObject({
      certain: GONE,
      againAt: undefined,
      ledger: { doubt: { since: T0 } },
    });
  });

  it("A read is the second look at the obstacle that the first one showed, and at no other", () => {
    const { againAt = "" } = confirm(aLedger(), GONE, T0, LAG);
    const isSecond = (ledger: Ledger, begunAt = againAt) =>
      isSecondLook(ledger, GONE, begunAt, LAG);
    expect(isSecond(doubted(GONE.code))).toBe(true);
    expect(isSecond(doubted(GONE.code), plusSeconds(againAt, -0.001))).toBe(false);
    expect(isSecond(doubted("cluster-gone"))).toBe(false);
    expect(isSecond(aLedger())).toBe(false);
  });

  it("Another obstacle begins a doubt of its own, and none ends it", () => {
    const other = confirm(doubted("cluster-gone"), GONE, at(600), LAG);
    expect(other).toMatchObject({
      certain: undefined,
      ledger: { doubt: { code: GONE.code, since: at(600) } },
    });
    expect(confirm(doubted(GONE.code), undefined, at(600), LAG)).toEqual({
      ledger: { ...doubted(GONE.code), doubt: null },
      certain: undefined,
      againAt: undefined,
    });
  });
});

describe("A cluster on which no entry can exist", () => {
  const owned = { ...aLedger().entry, arn: "arn:entry", bornAt: T0, owned: true };
  const gone = { code: "cluster-gone", detail: "" } as const;

  it("The entry stays ours at the first look, and is known no more after the second", () => {
    const first = seenGone(ledgerWith({ entry: owned }), gone, T0, LAG);
    expect(first).toMatchObject({ certain: undefined, ledger: { entry: owned } });
    const second = seenGone(first.ledger, gone, first.againAt ?? "", LAG);
    expect(second).toMatchObject({ certain: gone, againAt: undefined });
    expect(second.ledger.entry).toEqual({ ...owned, arn: null, bornAt: null, owned: false });
  });
});
