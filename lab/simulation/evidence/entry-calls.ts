import { GROUPS } from "../../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { EMPTY, minus, sameSet } from "../../../shared/domain/values/element-set.ts";
import type { EksChange } from "./eks-change.ts";

export type EntryCall = Pick<EksChange, "operation" | "target" | "elements" | "taken">;

/** The calls to EKS that turn one state of an entry into another, in their order. */
export function callsBetween(
  before: ActualEntry | undefined,
  after: ActualEntry | undefined,
): readonly EntryCall[] {
  if (!after) return before ? [deletionOf(before)] : [];
  const isOther = before?.accessEntryArn !== after.accessEntryArn;
  const old = isOther ? undefined : before;
  return [
    ...(before && isOther ? callsBetween(before, undefined) : []),
    ...entryCall(old, after),
    ...policyCalls(old, after),
  ];
}

const deletionOf = ({ targets }: ActualEntry): EntryCall => ({
  operation: "DeleteAccessEntry",
  target: null,
  elements: EMPTY,
  taken: Object.values(targets).flat(),
});

function entryCall(old: ActualEntry | undefined, after: ActualEntry): readonly EntryCall[] {
  const elements = after.targets[GROUPS] ?? EMPTY;
  const target = elements.length > 0 || old ? GROUPS : null;
  if (!old) return [{ operation: "CreateAccessEntry", target, elements }];
  const isSame = old.username === after.username && sameSet(old.targets[GROUPS] ?? EMPTY, elements);
  const taken = minus(old.targets[GROUPS] ?? EMPTY, elements);
  return isSame ? [] : [{ operation: "UpdateAccessEntry", target, elements, taken }];
}

function policyCalls(old: ActualEntry | undefined, after: ActualEntry): readonly EntryCall[] {
  const names = new Set([...Object.keys(old?.targets ?? {}), ...Object.keys(after.targets)]);
  names.delete(GROUPS);
  return [...names].flatMap((target): readonly EntryCall[] => {
    const elements = after.targets[target] ?? EMPTY;
    const before = old?.targets[target] ?? EMPTY;
    if (sameSet(before, elements)) return [];
    const operation = elements.length > 0 ? "AssociateAccessPolicy" : "DisassociateAccessPolicy";
    return [{ operation, target, elements, taken: minus(before, elements) }];
  });
}
