import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import { baselineOf, presentOn } from "../../../../shared/domain/entries/knowledge.ts";
import {
  type Additions,
  planAdditions,
  withBaselines,
} from "../../../../shared/domain/entries/plan-additions.ts";
import { scopeRemainder } from "../../../../shared/domain/entries/scope.ts";
import { carriedBy, targetOf } from "../../../../shared/domain/entries/step.ts";
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
  W,
} from "./situations.ts";

const planned = (
  ledger: Additions["ledger"],
  entitlements: readonly Entitlement[],
  over: Partial<Additions> = {},
) =>
  planAdditions(
    {
      ledger,
      entitlements,
      admitted: new Set(entitlements.map(({ grantId }) => grantId)),
      reading: aReading(anEntry()),
      ...over,
    },
    "token-9",
  );
const associated = (target: string, ...namespaces: readonly string[]) => ({
  kind: "associate",
  target,
  scope: { type: "namespace", namespaces },
  absorbed: [],
});
const A = anEntitlement("a", EDIT, ns("a"));
const B = anEntitlement("b", EDIT, ns("b"));
const onEdit = (known: Additions["ledger"]["targets"][string], entry = OURS) =>
  aLedger({ entry, targets: { [EDIT]: known } });

describe("what admitted grants lack", () => {
  it("is associated beside what is there: the owner's, and what is lent", () => {
    const ledger = onEdit({ ...all(ns("base"), standing()), ...all(ns("b"), lent()) });
    expect(planned(ledger, [A, B])).toEqual([associated(EDIT, "a", "b", "base")]);
  });

  it("is nothing where all of it is there, or a whole cluster is", () => {
    expect(planned(onEdit(all(ns("a"), lent())), [A])).toEqual([]);
    expect(planned(onEdit(all(["cluster"], lent())), [A])).toEqual([]);
  });

  it("is added again where an open call may bring it: that call may never land", () => {
    expect(planned(onEdit(all(ns("a"), anElement({ openUntil: at(9) }))), [A])).toEqual([
      associated(EDIT, "a"),
    ]);
  });

  it("is not added for a grant that is over, or has not begun", () => {
    for (const over of [{ isOver: true }, { hasBegun: false }])
      expect(planned(onEdit({}), [{ ...A, ...over }])).toEqual([]);
  });

  it("is not added for a grant that is not admitted, which keeps what it has", () => {
    const ledger = onEdit(all(ns("b"), lent()));
    expect(planned(ledger, [A, B], { admitted: new Set(["a"]) })).toEqual([
      associated(EDIT, "a", "b"),
    ]);
    expect(planned(onEdit({}), [A, B], { admitted: new Set(["a"]) })).toEqual([
      associated(EDIT, "a"),
    ]);
    expect(planned(ledger, [A], { admitted: new Set() })).toEqual([]);
  });

  it("names what a whole cluster absorbs", () => {
    const whole = anEntitlement("w", EDIT, ["cluster"]);
    expect(planned(onEdit(all(ns("b"), lent())), [whole, B])).toEqual([
      { kind: "associate", target: EDIT, scope: { type: "cluster" }, absorbed: ns("b") },
    ]);
  });

  it("is added target by target, in the order of their names", () => {
    const ledger = aLedger({ entry: OURS, targets: { [VIEW]: {}, [EDIT]: {} } });
    expect(planned(ledger, [A, anEntitlement("v", VIEW, ns("v"))])).toEqual([
      associated(EDIT, "a"),
      associated(VIEW, "v"),
    ]);
  });

  it("is not added on a target whose baseline is not known yet", () => {
    expect(planned(aLedger({ entry: OURS }), [A])).toEqual([]);
  });
});

describe("an entry that is not there", () => {
  const ledger = aLedger({ targets: { [EDIT]: {}, [GROUPS]: {} } });

  it("is created bare, before anything is put on it", () => {
    const x = anEntitlement("x", GROUPS, groups(["x"]));
    expect(planned(ledger, [A, x], { reading: aReading(undefined) })).toEqual([
      { kind: "create-entry", token: "token-9" },
      associated(EDIT, "a"),
      { kind: "update-groups", groups: ["x"], username: null },
    ]);
  });

  it("is not created where nothing is to be added", () => {
    expect(planned(ledger, [], { reading: aReading(undefined) })).toEqual([]);
  });
});

describe("groups", () => {
  const x = anEntitlement("x", GROUPS, groups(["x"]));
  const update = (username: string | null) => [{ kind: "update-groups", groups: ["x"], username }];
  const known = (entry: object) => aLedger({ entry, targets: { [GROUPS]: {} } });

  it("are set under the username that was read", () => {
    expect(planned(known(THEIRS), [x])).toEqual(update("alice"));
  });

  it("of others' entry wait for a read: without its username, the update would reset it", () => {
    expect(planned(known(THEIRS), [x], { reading: undefined })).toEqual([]);
    expect(planned(known(THEIRS), [x], { reading: aReading(undefined) })).toEqual([]);
  });

  it("of our own entry are set without a read: its username is EKS's own", () => {
    expect(planned(known(OURS), [x], { reading: undefined })).toEqual(update(null));
  });
});

describe("targets that grants touch for the first time", () => {
  const based = (begunAt: string, createdAt: string, targets = { [EDIT]: ns("a") }) =>
    withBaselines(
      aLedger({ entry: OURS }),
      [EDIT, VIEW],
      aReading(anEntry(targets, { createdAt }), begunAt),
      LAG,
    );

  it("have as their baseline what is there", () => {
    expect(based(at(0), at(-900)).targets).toEqual({
      [EDIT]: all(ns("a"), standing({ absenceFrom: at(W) })),
      [VIEW]: {},
    });
  });

  it("have none where the entry was just created, or is not there", () => {
    expect(based(at(W - 0.001), at(0)).targets).toEqual({ [EDIT]: {}, [VIEW]: {} });
    expect(baselineOf(based(at(W), at(0)), EDIT)).toEqual(ns("a"));
    const none = withBaselines(aLedger(), [EDIT], aReading(undefined), LAG);
    expect(none.targets).toEqual({ [EDIT]: {} });
  });

  it("are left as they are where the ledger holds them already", () => {
    const ledger = onEdit(all(ns("b"), lent()));
    const read = aReading(anEntry({ [EDIT]: ns("a", "b") }));
    expect(withBaselines(ledger, [EDIT], read, LAG)).toEqual(ledger);
  });
});

describe("any plan of additions", () => {
  it("takes nothing away that should stay, and adds only what admitted grants lack", () => {
    fc.assert(
      fc.property(
        anyLedger,
        anyEntitlements,
        anyReading,
        fc.func(fc.boolean()),
        (ledger, entitlements, reading, isAdmitted) => {
          const admitted = new Set(
            entitlements.flatMap(({ grantId }) => (isAdmitted(grantId) ? grantId : [])),
          );
          const live = entitlements.filter(({ hasBegun, isOver }) => hasBegun && !isOver);
          const reached = (of: readonly Entitlement[], on: string) =>
            of.flatMap(({ target, elements }) => (target === on ? elements : []));
          for (const step of planAdditions({ ledger, entitlements, admitted, reading }, "t")) {
            const target = targetOf(step);
            if (target === undefined) continue;
            const present = presentOn(ledger, target);
            const lentHere = reached(live, target).filter((each) => present.includes(each));
            const kept = [...baselineOf(ledger, target), ...lentHere];
            expect(scopeRemainder(kept, carriedBy(step))).toEqual([]);
            const adding = live.filter(({ grantId }) => admitted.has(grantId));
            const added = scopeRemainder(carriedBy(step), present);
            expect(scopeRemainder(added, reached(adding, target))).toEqual([]);
          }
        },
      ),
    );
  });
});
