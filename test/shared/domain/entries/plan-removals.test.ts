import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answered, intend } from "../../../../shared/domain/entries/attempt.ts";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import { baselineOf, presentOn } from "../../../../shared/domain/entries/knowledge.ts";
import type { EntryKnowledge, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import {
  excessTargets,
  isUsedByOthers,
  mayDelete,
  NOTHING_REFUSED,
  planRemovals,
  type Situation,
} from "../../../../shared/domain/entries/plan-removals.ts";
import { scopeRemainder } from "../../../../shared/domain/entries/scope.ts";
import { carriedBy, targetOf } from "../../../../shared/domain/entries/step.ts";
import { setOf } from "../../../../shared/domain/values/element-set.ts";
import { anyEntitlements, anyLedger, anyReading } from "./any-situation.ts";
import {
  aLedger,
  all,
  anElement,
  anEntitlement,
  anEntry,
  aReading,
  at,
  EDIT,
  GROUPS,
  groups,
  LAG,
  lent,
  ns,
  OURS,
  standing,
  THEIRS,
  VIEW,
} from "./situations.ts";

/** A read of the known entry that agrees with the ledger. */
const readOf = (ledger: Ledger, others: Ledger["targets"] = {}) =>
  aReading(
    anEntry(
      Object.fromEntries(
        Object.keys({ ...ledger.targets, ...others }).map((target) => [
          target,
          presentOn({ ...ledger, targets: { ...ledger.targets, ...others } }, target),
        ]),
      ),
    ),
  );

interface Parts {
  readonly entry?: Partial<EntryKnowledge>;
  readonly targets: Ledger["targets"];
  readonly grants?: readonly Entitlement[];
  /** Elements of others on targets that are not in the ledger. */
  readonly others?: Ledger["targets"];
  readonly isBlind?: boolean;
}

function situation({ entry = OURS, targets, grants = [], others, isBlind }: Parts): Situation {
  const ledger = aLedger({ entry, targets });
  return { ledger, entitlements: grants, reading: isBlind ? undefined : readOf(ledger, others) };
}
const planned = (parts: Parts, refused = NOTHING_REFUSED) =>
  planRemovals(situation(parts), refused);

const A = anEntitlement("a", EDIT, ns("a"));
const OVER = anEntitlement("over", EDIT, ns("a"), { isOver: true });
const lentA = { [EDIT]: all(ns("a"), lent()) };
const DISASSOCIATE = { kind: "disassociate", target: EDIT };

describe("An entry of ours", () => {
  it("An entry of ours is deleted in one call once nothing is lent on it", () => {
    expect(planned({ targets: lentA, grants: [OVER] })).toEqual([{ kind: "delete-entry" }]);
    expect(planned({ targets: {} })).toEqual([{ kind: "delete-entry" }]);
  });

  it("An entry of ours loses its associations if AWS refuses to delete it", () => {
    const refused = { deletion: true, narrowing: new Set<string>() };
    expect(planned({ targets: lentA, grants: [OVER] }, refused)).toEqual([DISASSOCIATE]);
  });

  it.each<[string, Parts]>([
    ["a grant is live on it", { targets: {}, grants: [A] }],
    ["a grant is live that has not begun", { targets: {}, grants: [{ ...A, hasBegun: false }] }],
    ["others have something on it", { targets: { [EDIT]: all(ns("b"), standing()) } }],
    ["others use a target of their own", { targets: {}, others: { [VIEW]: all(ns("v"), lent()) } }],
    ["it was not read", { targets: {}, isBlind: true }],
    ["it is not ours", { targets: {}, entry: THEIRS }],
    ["another entry was read", { targets: {}, entry: { ...OURS, arn: "arn:entry/2" } }],
  ])("An entry of ours stays where %s", (_, parts) => {
    expect(mayDelete(situation(parts))).toBe(false);
    expect(planned(parts)).toEqual([]);
  });
});

describe("Elements that nothing explains any more", () => {
  const [b, ab] = [anEntitlement("b", EDIT, ns("b")), { [EDIT]: all(ns("a", "b"), lent()) }];
  const narrowed = {
    kind: "associate",
    target: EDIT,
    scope: { type: "namespace", namespaces: ["b"] },
    absorbed: [],
  };

  it("A removal narrows the scope and keeps what is lent beside it", () => {
    expect(planned({ targets: ab, grants: [OVER, b] })).toEqual([narrowed]);
  });

  it("A removal keeps what is lent and shown, although the ledger does not know that it is back", () => {
    const targets = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), anElement()) } };
    const { ledger, entitlements } = situation({ targets, grants: [OVER, b] });
    const shown = aReading(anEntry({ [EDIT]: ns("a", "b") }));
    const plan = (reading: Situation["reading"]) =>
      planRemovals({ ledger, entitlements, reading }, NOTHING_REFUSED);
    expect(plan(shown)).toEqual([narrowed]);
    expect(plan(aReading(anEntry({ [EDIT]: ns("a") })))).toEqual([DISASSOCIATE]);
  });

  it("A removal takes the whole association if AWS refuses to narrow it", () => {
    const refused = { deletion: false, narrowing: new Set([EDIT]) };
    expect(planned({ targets: ab, grants: [OVER, b] }, refused)).toEqual([DISASSOCIATE]);
    const elsewhere = { deletion: false, narrowing: new Set([VIEW]) };
    expect(planned({ targets: ab, grants: [OVER, b] }, elsewhere)).toEqual([narrowed]);
  });

  it("A removal never takes the owner's elements along, even if AWS refuses to narrow", () => {
    const refused = { deletion: false, narrowing: new Set([EDIT]) };
    const targets = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), standing()) } };
    expect(planned({ targets, grants: [OVER] }, refused)).toEqual([narrowed]);
  });

  it("A removal covers elements that an unanswered call may still add", () => {
    const targets = { [EDIT]: all(ns("a"), anElement({ openUntil: at(9) })) };
    expect(planned({ entry: THEIRS, targets, grants: [OVER] })).toEqual([DISASSOCIATE]);
  });

  it("A removal from someone else's entry keeps their elements", () => {
    const targets = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), standing()) } };
    expect(planned({ entry: THEIRS, targets, grants: [OVER] })).toEqual([narrowed]);
  });

  it("A removal keeps an element while another grant, begun and not over, reaches it", () => {
    const beside = (other: Entitlement) =>
      planned({ entry: THEIRS, targets: lentA, grants: [OVER, other] });
    expect(beside(A)).toEqual([]);
    expect(beside(anEntitlement("whole", EDIT, ["cluster"]))).toEqual([]);
    expect(beside({ ...A, hasBegun: false })).toEqual([DISASSOCIATE]);
    expect(beside(anEntitlement("v", VIEW, ns("a")))).toEqual([DISASSOCIATE]);
  });

  it("A removal adds nothing that a grant lacks, and only keeps what is present", () => {
    const c = anEntitlement("c", EDIT, ns("c"));
    expect(planned({ targets: lentA, grants: [OVER, c] })).toEqual([DISASSOCIATE]);
  });

  it("A removal of the whole cluster keeps the namespaces that it hid", () => {
    const targets = { [EDIT]: all(["cluster", ...ns("b")], lent()) };
    const over = anEntitlement("over", EDIT, ["cluster"], { isOver: true });
    expect(planned({ targets, grants: [over, b] })).toEqual([narrowed]);
  });

  it("A removal goes target by target, in order of their names", () => {
    const targets = { [VIEW]: all(ns("v"), lent()), [EDIT]: all(ns("a"), lent()) };
    expect(excessTargets(situation({ targets }))).toEqual([EDIT, VIEW]);
    expect(planned({ entry: THEIRS, targets }).map(targetOf)).toEqual([EDIT, VIEW]);
  });

  it("A removal carries no lent element that the read does not show while the principal is in doubt", () => {
    const ledger = aLedger({
      entry: OURS,
      targets: {
        [EDIT]: {
          ...all(ns("a"), lent()),
          ...all(ns("b", "c"), lent()),
          ...all(ns("d"), standing()),
        },
      },
    });
    const grants = [OVER, anEntitlement("live", EDIT, ns("b", "c"))];
    const reading = aReading(anEntry({ [EDIT]: ns("a", "c") }));
    const doubt = { code: "principal-recreated", since: at(0) } as const;
    const carriedIn = (known: Ledger) =>
      planRemovals({ ledger: known, entitlements: grants, reading }, NOTHING_REFUSED).map(
        carriedBy,
      );
    expect(carriedIn(ledger)).toEqual([ns("b", "c", "d")]);
    expect(carriedIn({ ...ledger, doubt })).toEqual([ns("c", "d")]);
  });

  it("A removal that may give back what the read no longer shows comes after the others", () => {
    const targets = { [EDIT]: all(ns("a", "b"), lent()), [VIEW]: all(ns("v"), lent()) };
    const ledger = aLedger({ entry: OURS, targets });
    const reading = aReading(anEntry({ [EDIT]: ns("a"), [VIEW]: ns("v") }));
    const order = (grants: readonly Entitlement[]) =>
      planRemovals({ ledger, entitlements: grants, reading }, NOTHING_REFUSED).map(targetOf);
    expect(order([OVER, b])).toEqual([VIEW, EDIT]);
    expect(order([{ ...b, isOver: true, isLive: false }, A])).toEqual([EDIT, VIEW]);
  });

  it("A removal of groups includes the username that was read", () => {
    const targets = {
      [GROUPS]: { ...all(groups(["x"]), lent()), ...all(groups(["y"]), standing()) },
    };
    expect(planned({ entry: THEIRS, targets })).toEqual([
      { kind: "update-groups", groups: ["y"], username: "alice" },
    ]);
  });
});

describe("A removal without a read", () => {
  it("A removal without a read goes ahead if the association has nothing of others", () => {
    expect(planned({ targets: lentA, grants: [OVER], isBlind: true })).toEqual([DISASSOCIATE]);
  });

  it("A removal without a read waits if anything must stay, as we do not know what is there", () => {
    const targets = { [EDIT]: all(ns("a", "b"), lent()) };
    const b = anEntitlement("b", EDIT, ns("b"));
    expect(planned({ targets, grants: [OVER, b], isBlind: true })).toEqual([]);
    const based = { [EDIT]: { ...all(ns("a"), lent()), ...all(ns("b"), standing()) } };
    expect(planned({ targets: based, grants: [OVER], isBlind: true })).toEqual([]);
  });

  it("A removal without a read clears the groups of our entry only: an update resets the username", () => {
    const targets = { [GROUPS]: all(groups(["x"]), lent()) };
    expect(planned({ targets, isBlind: true })).toEqual([
      { kind: "update-groups", groups: [], username: null },
    ]);
    expect(planned({ entry: THEIRS, targets, isBlind: true })).toEqual([]);
  });
});

it("Others use an entry that has a baseline, or a target that the ledger does not contain", () => {
  const used = (targets: Ledger["targets"], others?: Ledger["targets"]) => {
    const ledger = aLedger({ targets });
    return isUsedByOthers(ledger, readOf(ledger, others));
  };
  expect(used(lentA)).toBe(false);
  expect(used({ [EDIT]: all(ns("a"), anElement()) })).toBe(false);
  expect(used({ [EDIT]: all(ns("a"), standing()) })).toBe(true);
  expect(used(lentA, { [VIEW]: all(ns("v"), lent()) })).toBe(true);
});

describe("Any plan of removals", () => {
  const anyRefused = fc
    .tuple(fc.boolean(), fc.subarray([EDIT, VIEW, GROUPS]))
    .map(([deletion, narrowing]) => ({ deletion, narrowing: new Set(narrowing) }));
  const anySituation = fc
    .tuple(anyLedger, anyEntitlements, fc.option(anyReading, { nil: undefined }))
    .map(([ledger, entitlements, reading]) => ({ ledger, entitlements, reading }));
  const wanted = ({ ledger, entitlements }: Situation, target: string) => [
    ...baselineOf(ledger, target),
    ...entitlements.flatMap((each) =>
      each.hasBegun && !each.isOver && each.target === target ? each.elements : [],
    ),
  ];

  it("A plan of removals carries only what is wanted and already there, as far as known or shown", () => {
    fc.assert(
      fc.property(anySituation, anyRefused, (given, refused) => {
        for (const step of planRemovals(given, refused)) {
          const target = targetOf(step) ?? "";
          const shown = given.reading?.entry?.targets[target] ?? [];
          const there = setOf([...presentOn(given.ledger, target), ...shown]);
          expect(scopeRemainder(carriedBy(step), wanted(given, target))).toEqual([]);
          expect(scopeRemainder(carriedBy(step), there)).toEqual([]);
        }
      }),
    );
  });

  it("A plan of removals keeps every baseline", () => {
    fc.assert(
      fc.property(anySituation, anyRefused, (given, refused) => {
        for (const step of planRemovals(given, refused)) {
          const target = targetOf(step);
          const baseline =
            target === undefined
              ? Object.keys(given.ledger.targets).flatMap((each) => baselineOf(given.ledger, each))
              : baselineOf(given.ledger, target);
          expect(scopeRemainder(baseline, carriedBy(step))).toEqual([]);
        }
      }),
    );
  });

  it("A plan of removals leaves nothing beyond what is wanted, once it was applied", () => {
    fc.assert(
      fc.property(anySituation, (given) => {
        const { ledger, reading } = given;
        if (!reading?.entry) return;
        const steps = planRemovals(given, NOTHING_REFUSED);
        const after = steps.reduce(
          (sum, step) =>
            answered(
              intend(sum, [step], { now: at(0), landBy: at(318) }, LAG),
              step,
              { kind: "applied" },
              { before: sum, begunAt: at(1), answeredAt: at(2) },
              LAG,
            ),
          ledger,
        );
        for (const target of Object.keys(after.targets))
          expect(
            scopeRemainder(presentOn(after, target), wanted({ ...given, ledger: after }, target)),
          ).toEqual([]);
      }),
    );
  });
});
