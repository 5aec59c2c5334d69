/** fast-check generators for any ledger, grant, read and step, over few names and instants. */
import fc from "fast-check";
import type { Reading } from "../../../../shared/domain/entries/actual-entry.ts";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import type { ElementKnowledge, Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { type EntryStep, stepTo } from "../../../../shared/domain/entries/step.ts";
import {
  aLedger,
  anEntitlement,
  anEntry,
  at,
  EDIT,
  GROUPS,
  groups,
  ns,
  OURS,
  THEIRS,
  VIEW,
} from "./situations.ts";

/** Before and after the instants that tests use. */
const anyInstant = fc.constantFrom(...[-60, -1, 0, 1, 2, 60, 400, 900].map(at));

const anyTarget = fc.constantFrom(EDIT, VIEW, GROUPS);

const NAMES: Readonly<Record<string, readonly string[]>> = {
  [EDIT]: ["cluster", ...ns("a", "b")],
  [VIEW]: ["cluster", ...ns("a", "b")],
  [GROUPS]: groups(["x", "y"]),
};

const anyElements = (target: string) => fc.subarray([...(NAMES[target] ?? [])]);

const anyElement: fc.Arbitrary<ElementKnowledge> = fc.record({
  state: fc.constantFrom("absent", "lent", "baseline"),
  absenceFrom: anyInstant,
  presenceFrom: anyInstant,
  carriedUntil: anyInstant,
  openUntil: fc.option(anyInstant),
});

const anyKnowledge = (target: string) =>
  fc
    .tuple(anyElements(target), fc.array(anyElement, { minLength: 3, maxLength: 3 }))
    .map(([names, known]) =>
      Object.fromEntries(names.flatMap((name, n) => (known[n] ? [[name, known[n]]] : []))),
    );

export const anyLedger: fc.Arbitrary<Ledger> = fc
  .record({
    entry: fc.constantFrom({}, OURS, THEIRS, { tokens: ["token-1"], tokenOpen: true }),
    createUntil: anyInstant,
    deleteUntil: anyInstant,
    targets: fc.record(
      { [EDIT]: anyKnowledge(EDIT), [VIEW]: anyKnowledge(VIEW), [GROUPS]: anyKnowledge(GROUPS) },
      { requiredKeys: [] },
    ),
  })
  .map(({ entry, createUntil, deleteUntil, targets }) =>
    aLedger({ entry: { ...entry, createUntil, deleteUntil }, targets }),
  );

export const anyStep: fc.Arbitrary<EntryStep> = fc.oneof(
  fc.constantFrom<EntryStep>(
    { kind: "delete-entry" },
    { kind: "create-entry", token: "token-1" },
    { kind: "create-entry", token: "token-2" },
  ),
  anyTarget.chain((target) =>
    anyElements(target).map((elements) => stepTo(target, elements, "alice")),
  ),
);

const anyEntitlement: fc.Arbitrary<Entitlement> = anyTarget.chain((target) =>
  fc
    .tuple(fc.uuid(), anyElements(target), fc.boolean(), fc.boolean(), fc.boolean())
    .map(([id, elements, hasBegun, isOver, isInTime]) =>
      anEntitlement(id, target, elements, { hasBegun, isOver, isLive: isInTime && !isOver }),
    ),
);
export const anyEntitlements = fc.array(anyEntitlement, { maxLength: 4 });

const anyTargets = fc.record(
  { [EDIT]: anyElements(EDIT), [VIEW]: anyElements(VIEW), [GROUPS]: anyElements(GROUPS) },
  { requiredKeys: [] },
);

/** A read of the known entry, of another entry, or of none. */
export const anyReading: fc.Arbitrary<Reading> = fc
  .tuple(anyTargets, fc.constantFrom("arn:entry/1", "arn:entry/2", undefined), anyInstant)
  .map(([targets, accessEntryArn, begunAt]) => ({
    entry: accessEntryArn === undefined ? undefined : anEntry(targets, { accessEntryArn }),
    begunAt,
  }));
