/** Ledgers, reads and grants that tests of the pure core start from. */

import { T0 } from "../../../../lab/fakes/builders.ts";
import { GROUPS, groupElements } from "../../../../shared/domain/entries/access.ts";
import type { ActualEntry, Reading } from "../../../../shared/domain/entries/actual-entry.ts";
import type { Entitlement } from "../../../../shared/domain/entries/entitlement.ts";
import type { Lag } from "../../../../shared/domain/entries/lag.ts";
import {
  type Begun,
  type ElementKnowledge,
  type EntryKnowledge,
  type Ledger,
  openLedger,
  type TargetKnowledge,
  UNKNOWN_ELEMENT,
} from "../../../../shared/domain/entries/ledger.ts";
import type { ElementSet } from "../../../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

export const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
export const EDIT = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy";

/** The values of production. */
export const LAG: Lag = { readLagSeconds: 45, clockDifferenceSeconds: 10, landsWithinSeconds: 300 };
/** How far a read may be behind, including clocks, in seconds. */
export const W = 55;

/** This many seconds after T0, which is later than any window of an empty ledger. */
export const at = (seconds: number): string => plusSeconds(T0, seconds);

export const ns = (...names: readonly string[]): ElementSet => names.map((name) => `ns/${name}`);
export const groups = groupElements;

export const anElement = (over: Partial<ElementKnowledge> = {}): ElementKnowledge => ({
  ...UNKNOWN_ELEMENT,
  ...over,
});
export const lent = (over: Partial<ElementKnowledge> = {}) => anElement({ state: "lent", ...over });
export const standing = (over: Partial<ElementKnowledge> = {}) =>
  anElement({ state: "baseline", ...over });

/** Gives several elements the same knowledge. */
export const all = (elements: ElementSet, knowledge: ElementKnowledge): TargetKnowledge =>
  Object.fromEntries(elements.map((name) => [name, knowledge]));

interface LedgerParts {
  readonly entry?: Partial<EntryKnowledge>;
  readonly targets?: Ledger["targets"];
  readonly begun?: Ledger["begun"];
  readonly failing?: Ledger["failing"];
  readonly fuses?: Ledger["fuses"];
  readonly revision?: number;
}

export function aLedger({ entry = {}, ...parts }: LedgerParts = {}): Ledger {
  const empty = openLedger({ binding: "b", clusterArn: "c", principalArn: "p" });
  return { ...empty, ...parts, entry: { ...empty.entry, ...entry } };
}

export const ENTRY_ARN = "arn:entry/1";
/** An entry of ours, and one of someone else. */
export const OURS: Partial<EntryKnowledge> = {
  arn: ENTRY_ARN,
  bornAt: at(-3_600),
  owned: true,
  tokens: ["token-1"],
};
export const THEIRS: Partial<EntryKnowledge> = { ...OURS, owned: false, tokens: [] };

/** Old enough for its List to count by default. */
export const anEntry = (
  targets: ActualEntry["targets"] = {},
  over: Partial<ActualEntry> = {},
): ActualEntry => ({
  accessEntryArn: ENTRY_ARN,
  type: "STANDARD",
  username: "alice",
  createdAt: at(-3_600),
  tags: {},
  targets,
  ...over,
});

export const aReading = (entry: ActualEntry | undefined, begunAt = at(0)): Reading => ({
  entry,
  begunAt,
});

/** A grant that is lent by default. */
export const anEntitlement = (
  grantId: string,
  target: string,
  elements: ElementSet,
  over: Partial<Entitlement> = {},
): Entitlement => ({
  grantId,
  target,
  elements,
  hasBegun: true,
  isOver: false,
  isLive: over.isOver !== true,
  ...over,
});

export const aBegun = (over: Partial<Begun> = {}): Begun => ({
  revokeAt: at(3_000),
  expiresAt: at(3_120),
  over: false,
  refusal: null,
  refusedSince: null,
  ...over,
});

export { GROUPS };
