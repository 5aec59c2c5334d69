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

describe("The access that admitted grants lack", () => {
  it("A plan adds missing elements beside the owner's and those already lent", () => {
    const ledger = onEdit({ ...all(ns("base"), standing()), ...all(ns("b"), lent()) });
    expect(planned(ledger, [A, B])).toEqual([associated(EDIT, "a", "b", "base")]);
  });

  it("A plan adds nothing where everything is present, or a whole cluster is", () => {
    expect(planned(onEdit(all(ns("a"), lent())), [A])).toEqual([]);
    expect(planned(onEdit(all(["cluster"], lent())), [A])).toEqual([]);
  });

  it("A plan adds an element again while an open call may add it, as that call may never land", () => {
    expect(planned(onEdit(all(ns("a"), anElement({ openUntil: at(9) }))), [A])).toEqual([
      associated(EDIT, "a"),
    ]);
  });

  it("A plan adds nothing for a grant that is over or has not begun", () => {
    for (const over of [{ isOver: true }, { hasBegun: false }])
      expect(planned(onEdit({}), [{ ...A, ...over }])).toEqual([]);
  });

  it("A plan adds nothing for a grant that is not admitted, but keeps what it has", () => {
    const ledger = onEdit(all(ns("b"), lent()));
    expect(planned(ledger, [A, B], { admitted: new Set(["a"]) })).toEqual([
      associated(EDIT, "a", "b"),
    ]);
    expect(planned(onEdit({}), [A, B], { admitted: new Set(["a"]) })).toEqual([
      associated(EDIT, "a"),
    ]);
    expect(planned(ledger, [A], { admitted: new Set() })).toEqual([]);
  });

  it("A plan names the namespaces that a whole cluster absorbs", () => {
    const whole = anEntitlement("w", EDIT, ["cluster"]);
    expect(planned(onEdit(all(ns("b"), lent())), [whole, B])).toEqual([
      { kind: "associate", target: EDIT, scope: { type: "cluster" }, absorbed: ns("b") },
    ]);
  });

  it("A plan adds target by target, in order of their names", () => {
    const ledger = aLedger({ entry: OURS, targets: { [VIEW]: {}, [EDIT]: {} } });
    expect(planned(ledger, [A, anEntitlement("v", VIEW, ns("v"))])).toEqual([
      associated(EDIT, "a"),
      associated(VIEW, "v"),
    ]);
  });

  it("A plan adds nothing to a target whose baseline is not known yet", () => {
    expect(planned(aLedger({ entry: OURS }), [A])).toEqual([]);
  });
});

describe("A missing entry", () => {
  const ledger = aLedger({ targets: { [EDIT]: {}, [GROUPS]: {} } });

  it("A missing entry is created empty, before anything is added to it", () => {
    const x = anEntitlement("x", GROUPS, groups(["x"]));
    expect(planned(ledger, [A, x], { reading: aReading(undefined) })).toEqual([
      { kind: "create-entry", token: "token-9" },
      associated(EDIT, "a"),
      { kind: "update-groups", groups: ["x"], username: null },
    ]);
  });

  it("A missing entry is not created where nothing is to be added", () => {
    expect(planned(ledger, [], { reading: aReading(undefined) })).toEqual([]);
  });
});

describe("Groups", () => {
  const x = anEntitlement("x", GROUPS, groups(["x"]));
  const update = (username: string | null) => [{ kind: "update-groups", groups: ["x"], username }];
  const known = (entry: object) => aLedger({ entry, targets: { [GROUPS]: {} } });

  it("A plan sets groups with the username that was read", () => {
    expect(planned(known(THEIRS), [x])).toEqual(update("alice"));
  });

  it("A plan for someone else's groups waits for a read, because the update would reset the username", () => {
    expect(planned(known(THEIRS), [x], { reading: undefined })).toEqual([]);
    expect(planned(known(THEIRS), [x], { reading: aReading(undefined) })).toEqual([]);
  });

  it("A plan sets groups on our own entry without a read, because EKS generates its username", () => {
    expect(planned(known(OURS), [x], { reading: undefined })).toEqual(update(null));
  });
});

describe("Targets that a grant touches for the first time", () => {
  const based = (begunAt: string, createdAt: string, targets = { [EDIT]: ns("a") }) =>
    withBaselines(
      aLedger({ entry: OURS }),
      [EDIT, VIEW],
      aReading(anEntry(targets, { createdAt }), begunAt),
      LAG,
    );

  it("A target that a grant touches for the first time has what is present as its baseline", () => {
    expect(based(at(0), at(-900)).targets).toEqual({
      [EDIT]: all(ns("a"), standing({ absenceFrom: at(W) })),
      [VIEW]: {},
    });
  });

  it("A target has no baseline where the entry is new or missing", () => {
    expect(based(at(W - 0.001), at(0)).targets).toEqual({ [EDIT]: {}, [VIEW]: {} });
    expect(baselineOf(based(at(W), at(0)), EDIT)).toEqual(ns("a"));
    const none = withBaselines(aLedger(), [EDIT], aReading(undefined), LAG);
    expect(none.targets).toEqual({ [EDIT]: {} });
  });

  it("A target that the ledger contains already is left as it is", () => {
    const ledger = onEdit(all(ns("b"), lent()));
    const read = aReading(anEntry({ [EDIT]: ns("a", "b") }));
    expect(withBaselines(ledger, [EDIT], read, LAG)).toEqual(ledger);
  });
});

describe("Any plan of additions", () => {
  it("A plan of additions removes nothing that should stay, and adds only what admitted grants lack", () => {
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

describe("An entry of somebody else that nobody read", () => {
  it("A policy is planned there, and groups are not", () => {
    const targets = { [EDIT]: {}, [GROUPS]: {} };
    const grants = [A, anEntitlement("g", GROUPS, groups(["admins"]))];
    const steps = planned(aLedger({ entry: THEIRS, targets }), grants, { reading: undefined });
    expect(steps).toEqual([associated(EDIT, "a")]);
  });
});
