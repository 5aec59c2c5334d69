/**
 * A ledger that does not know all that our calls did: it is missing, or a table was restored. Pure.
 *
 * Functions that face people can write the record, so it is believed only where that removes
 * access. A grant on record that the ledger does not know is over. Its access counts as if a call
 * of ours had just carried it. The rules of unanswered calls then remove it, and prove its end.
 */
import type { AccessRequest } from "../requests/request.ts";
import { type ElementSet, EMPTY, setOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";
import type { ActualEntry, Reading } from "./actual-entry.ts";
import { termsOf } from "./extension-chain.ts";
import { knownElement, provenOn, withTarget } from "./knowledge.ts";
import { type Lag, landedBy, later, visibleFrom } from "./lag.ts";
import {
  type ElementKnowledge,
  type Ledger,
  type Refusal,
  TAG_MANAGED_BY,
  TAG_TOKEN,
} from "./ledger.ts";
import { mayHave } from "./may-have.ts";
import { covers } from "./scope.ts";
import type { StoredIntents } from "./stored-intents.ts";

/** Why a grant gets no access, or loses it. */
export const LEDGER_BEHIND: Refusal = {
  code: "ledger-behind",
  detail:
    "Timelatch's ledger of this access entry is older than what was lent there. Nothing more is added on it, and what the ledger does not know is removed. Ask again later; if that fails too, whoever runs Timelatch follows timelatch docs runbook#restore-a-table.",
};

/** Whether the entry carries our tags although the ledger knows of no create of ours that made it. */
export function isUnknownEntry(
  { entry: known, adopted }: Ledger,
  entry: ActualEntry | undefined,
  deployment: string,
): entry is ActualEntry {
  const token = entry?.tags[TAG_TOKEN];
  if (!entry || token === undefined || entry.tags[TAG_MANAGED_BY] !== deployment) return false;
  const isOurs = known.owned && entry.accessEntryArn === known.arn;
  return !isOurs && entry.accessEntryArn !== adopted && !known.tokens.includes(token);
}

/**
 * Elements on an entry with our tags that the ledger does not hold as lent. Others can set tags, so
 * it stays. It is no baseline either.
 */
export const unexplainedOn = (
  ledger: Ledger,
  { targets }: ActualEntry,
): readonly (readonly [target: string, found: ElementSet])[] =>
  Object.entries(targets).flatMap(([target, elements]) => {
    const found = elements.filter((each) => knownElement(ledger, target, each).state !== "lent");
    return found.length > 0 ? [[target, setOf(found)] as const] : [];
  });

/** Records that a pass can compare the ledger with. */
export interface OnRecord {
  /** Grants whose access may exist. */
  readonly grants: readonly AccessRequest[];
  readonly intents: StoredIntents;
  /** The read, if it counts. */
  readonly reading: Reading | undefined;
  /** The name of the deployment, with which it tags its entries. */
  readonly deployment: string;
  /** Whether there may be older intents that matter, and that were not read. */
  readonly isCut: boolean;
}

/** A grant that has begun, although the ledger does not know it, and what it lent. */
export interface Forgotten {
  readonly grant: AccessRequest;
  readonly target: string;
  readonly elements: ElementSet;
}

/**
 * Grants on record that have begun, although the ledger does not know it. They lent what a stored
 * call of ours carried. On an entry that only our tags call ours, it is all of their access.
 *
 * A run that broke off before its save leaves a stored call, too. So a grant that was never
 * reported active counts as begun only where the read proves its access. The ledger must know of no
 * grant that lends it.
 */
export function forgottenBy(ledger: Ledger, record: OnRecord): readonly Forgotten[] {
  const { intents, reading, deployment } = record;
  const isUnknown = isUnknownEntry(ledger, reading?.entry, deployment);
  return strangersTo(ledger, record.grants).flatMap((grant) => {
    const served = intents.served.get(grant.id);
    return Object.entries(mayHave(ledger, grant, served)).flatMap(([target, elements]) => {
      const proven = provenBy(ledger, record, target);
      const lent = elements.filter((each) => isUnknown || isOurs(intents, target, each));
      const isShown = (each: string) =>
        served && covers(proven, each) && !covers(lentOn(ledger, target), each);
      const sure = wasActive(grant) ? lent : lent.filter(isShown);
      return sure.length > 0 ? [{ grant, target, elements: sure }] : [];
    });
  });
}

/**
 * Elements that a read proves to be there. The removals that the ledger knows were on its own entry, and excuse nothing
 * on one that only our tags call ours.
 */
export function provenBy(
  ledger: Ledger,
  { reading, deployment }: OnRecord,
  target: string,
): ElementSet {
  if (!reading) return EMPTY;
  return isUnknownEntry(ledger, reading.entry, deployment)
    ? (reading.entry.targets[target] ?? EMPTY)
    : provenOn(ledger, target, reading);
}

/** Elements that some grant is lent. */
export const lentOn = ({ targets }: Ledger, target: string): ElementSet =>
  setOf(
    Object.entries(targets[target] ?? {}).flatMap(([element, { state }]) =>
      state === "lent" ? element : [],
    ),
  );

/**
 * Grants whose begin the ledger does not know, so that the record has to be asked about them. Any read may be the first
 * that shows their access. Others can write whether they were active, and the binding's head, which would show an older
 * ledger.
 */
export const strangersTo = (
  { begun, failing }: Ledger,
  grants: readonly AccessRequest[],
): readonly AccessRequest[] =>
  grants.filter(({ id }) => !Object.hasOwn(begun, id) && !Object.hasOwn(failing, id));

/** Whether a record says that a read has shown its access. */
export const wasActive = ({ effectiveAt }: AccessRequest): boolean => effectiveAt !== null;

/** A scope of the whole cluster carries namespaces without naming them. */
function isOurs({ carried, owners }: StoredIntents, target: string, element: string): boolean {
  const ours = carried[target] ?? EMPTY;
  return ours.includes(element) || (covers(ours, element) && !owners[target]?.includes(element));
}

/**
 * The ledger that knows forgotten grants again: each is over, and a call that carries what it lent may still land. Its
 * terms are kept, so that its record explains nothing else from now on. It is over, so nothing extends it.
 */
export function knownAgain(
  ledger: Ledger,
  forgotten: readonly Forgotten[],
  now: string,
  lag: Lag,
): Ledger {
  const landBy = landedBy(now, lag);
  const begun = forgotten.map(({ grant }) => {
    const times = { revokeAt: grant.revokeAt ?? now, expiresAt: grant.expiresAt ?? now };
    const chain = { terms: termsOf(grant), since: now, extensions: 0, extends: null };
    const over = { over: true, refusal: LEDGER_BEHIND, refusedSince: null } as const;
    return [grant.id, { ...times, ...over, chain }] as const;
  });
  return forgotten.reduce(
    (sum, { target, elements }) =>
      withElements(sum, target, elements, (element) => ({
        ...element,
        state: element.state === "lent" ? "lent" : "absent",
        carriedUntil: later(element.carriedUntil, visibleFrom(landBy, lag)),
        openUntil: later(element.openUntil ?? landBy, landBy),
      })),
    { ...ledger, begun: { ...ledger.begun, ...Object.fromEntries(begun) } },
  );
}

/** Applies `change` to these elements of a target and to no others. */
const withElements = (
  ledger: Ledger,
  target: string,
  elements: ElementSet,
  change: (element: ElementKnowledge) => ElementKnowledge,
): Ledger =>
  withTarget(ledger, target, elements, (element, name) =>
    elements.includes(name) ? change(element) : element,
  );

/**
 * A read may show an entry for the first time that only our tags call ours. Then calls for any
 * begun grant may have landed on it: the ledger may be older than the entry.
 */
export function withLandings(
  ledger: Ledger,
  { grants, reading, deployment }: OnRecord,
  now: string,
  lag: Lag,
): Ledger {
  const entry = reading?.entry;
  if (!isUnknownEntry(ledger, entry, deployment) || entry.accessEntryArn === ledger.entry.arn)
    return ledger;
  const visible = visibleFrom(now, lag);
  return grants
    .filter(({ id }) => Object.hasOwn(ledger.begun, id))
    .map(({ access, cluster }) => reachOf(access, cluster.arn))
    .reduce(
      (sum, { target, elements }) =>
        withElements(sum, target, elements, (element) => ({
          ...element,
          carriedUntil: later(element.carriedUntil, visible),
        })),
      ledger,
    );
}

/** From then on, a read shows all that calls did of which the ledger does not know. */
export const knowsFrom = (since: string, lag: Lag): string =>
  visibleFrom(landedBy(since, lag), lag);
