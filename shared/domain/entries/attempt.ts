/**
 * Effects that our own calls may have on an entry, from before they are made until their outcome is
 * known. Pure. The intent saved before a call is the only thing that adds doubt. The answer removes
 * the doubt that this call added, and no other.
 */

import { knownElement, withAllTargets, withTarget } from "./knowledge.ts";
import { type Lag, later, visibleFrom } from "./lag.ts";
import type { ElementKnowledge, EntryKnowledge, Ledger } from "./ledger.ts";
import { observe, observeMissing } from "./observe.ts";
import { carriedBy, type EntryStep, targetOf } from "./step.ts";

/** How a call ended. `unanswered`: it may have taken effect, or may still do so. */
export type Outcome =
  | { readonly kind: "applied"; readonly created?: NewEntry }
  | { readonly kind: "missing" }
  | { readonly kind: "not-applied" }
  | { readonly kind: "unanswered" };

/** The answer of CreateAccessEntry. */
interface NewEntry {
  readonly accessEntryArn: string;
  readonly createdAt: string;
}

/**
 * The ledger to save before the steps are made: what each of them may still do.
 *
 * @param when the current time, and the time after which no step can take effect
 */
export const intend = (
  ledger: Ledger,
  steps: readonly EntryStep[],
  when: Intent,
  lag: Lag,
): Ledger =>
  steps.reduce((sum, step) => withIntent(sum, step, when, visibleFrom(when.landBy, lag)), ledger);

/** When steps are announced, and when they have landed at the latest. */
export interface Intent {
  readonly now: string;
  readonly landBy: string;
}

function withIntent(
  ledger: Ledger,
  step: EntryStep,
  { now, landBy }: Intent,
  visible: string,
): Ledger {
  if (step.kind === "create-entry")
    return { ...ledger, entry: withCreate(ledger.entry, step.token, visible) };
  if (step.kind === "delete-entry") {
    const deleteUntil = later(ledger.entry.deleteUntil, visible);
    const entry = { ...ledger.entry, deleteUntil };
    return withAllTargets({ ...ledger, entry }, (element) =>
      withPossibleRemoval(element, now, visible),
    );
  }
  const carried = carriedBy(step);
  return withTarget(ledger, targetOf(step) ?? "", carried, (element, name) => {
    if (carried.includes(name))
      return {
        ...element,
        carriedUntil: later(element.carriedUntil, visible),
        openUntil: later(element.openUntil ?? landBy, landBy),
      };
    return isAbsorbed(step, name) ? element : withPossibleRemoval(element, now, visible);
  });
}

const withCreate = (entry: EntryKnowledge, token: string, visible: string): EntryKnowledge => ({
  ...entry,
  tokens: entry.tokens.includes(token) ? entry.tokens : [...entry.tokens, token],
  tokenOpen: true,
  createUntil: later(entry.createUntil, visible),
});

const isAbsorbed = (step: EntryStep, name: string): boolean =>
  step.kind === "associate" && step.absorbed.includes(name);

/** A call that omits an element adds no doubt if that element is certainly absent. */
const withPossibleRemoval = (
  element: ElementKnowledge,
  now: string,
  visible: string,
): ElementKnowledge =>
  isPossible(element, now)
    ? { ...element, presenceFrom: later(element.presenceFrom, visible) }
    : element;

/** It is present, or an open call may add it, or a read that showed it would not count yet. */
const isPossible = ({ state, openUntil, presenceFrom }: ElementKnowledge, now: string): boolean =>
  state !== "absent" || openUntil !== null || presenceFrom > now;

/** When one call was made, and what was known before. */
export interface CallTimes {
  /** The ledger before this call's intent was saved. */
  readonly before: Ledger;
  readonly begunAt: string;
  readonly answeredAt: string;
}

/** The ledger after the outcome of one step is known. */
export function answered(
  ledger: Ledger,
  step: EntryStep,
  outcome: Outcome,
  made: CallTimes,
  lag: Lag,
): Ledger {
  switch (outcome.kind) {
    case "unanswered":
      return ledger;
    case "not-applied":
      return withoutIntent(ledger, step, made.before);
    case "missing":
      return foundMissing(withoutIntent(ledger, step, made.before), step, made.begunAt, lag);
    case "applied":
      return applied(ledger, step, outcome.created, made, visibleFrom(made.answeredAt, lag));
  }
}

/** Removes what the intent of a step had added: the step had no effect, then or later. */
function withoutIntent(ledger: Ledger, step: EntryStep, before: Ledger): Ledger {
  if (step.kind === "create-entry") {
    const { createUntil, tokenOpen } = before.entry;
    return { ...ledger, entry: { ...ledger.entry, createUntil, tokenOpen } };
  }
  if (step.kind === "delete-entry") {
    const { deleteUntil } = before.entry;
    return { ...ledger, targets: before.targets, entry: { ...ledger.entry, deleteUntil } };
  }
  const target = targetOf(step) ?? "";
  const known = before.targets[target] ?? {};
  return { ...ledger, targets: { ...ledger.targets, [target]: known } };
}

/** A 404 is an answer. It proves absence just as a read that began with the call would. */
const foundMissing = (ledger: Ledger, step: EntryStep, begunAt: string, lag: Lag): Ledger =>
  step.kind === "delete-entry"
    ? observe(ledger, { entry: undefined, begunAt }, () => true, lag).ledger
    : observeMissing(ledger, targetOf(step) ?? "", begunAt, lag);

function applied(
  ledger: Ledger,
  step: EntryStep,
  created: NewEntry | undefined,
  { before, begunAt }: CallTimes,
  visible: string,
): Ledger {
  if (step.kind === "create-entry")
    return { ...ledger, entry: withCreated(ledger.entry, created, before.entry, visible) };
  if (step.kind === "delete-entry") return deleted(ledger, before, begunAt, visible);
  const target = targetOf(step) ?? "";
  const carried = carriedBy(step);
  return withTarget(ledger, target, carried, (element, name) => {
    const earlier = knownElement(before, target, name);
    if (carried.includes(name)) return nowCarried(element, earlier, visible);
    return isAbsorbed(step, name) ? element : nowLacked(element, earlier, begunAt, visible);
  });
}

/** EKS may answer a token used before with an entry that no longer exists. */
function withCreated(
  entry: EntryKnowledge,
  created: NewEntry | undefined,
  before: EntryKnowledge,
  visible: string,
): EntryKnowledge {
  const createUntil = later(before.createUntil, visible);
  const isPast = before.bornAt !== null && (created?.createdAt ?? "") < before.bornAt;
  if (!created || isPast) return { ...entry, tokenOpen: false, createUntil };
  const { accessEntryArn: arn, createdAt: bornAt } = created;
  return { ...entry, arn, bornAt, owned: true, tokenOpen: false, createUntil };
}

function deleted(ledger: Ledger, before: Ledger, begunAt: string, visible: string): Ledger {
  const deleteUntil = later(before.entry.deleteUntil, visible);
  const entry: EntryKnowledge = { ...ledger.entry, arn: null, owned: false, deleteUntil };
  const targets = Object.keys(ledger.targets);
  return targets.reduce(
    (sum, target) =>
      withTarget(sum, target, [], (element, name) =>
        nowLacked(element, knownElement(before, target, name), begunAt, visible),
      ),
    { ...ledger, entry },
  );
}

const nowCarried = (
  element: ElementKnowledge,
  before: ElementKnowledge,
  visible: string,
): ElementKnowledge => ({
  ...element,
  state: before.state === "absent" ? "lent" : before.state,
  absenceFrom: before.state === "absent" ? later(before.absenceFrom, visible) : before.absenceFrom,
  carriedUntil: later(before.carriedUntil, visible),
  openUntil: before.openUntil,
});

const nowLacked = (
  element: ElementKnowledge,
  before: ElementKnowledge,
  begunAt: string,
  visible: string,
): ElementKnowledge => ({
  ...element,
  state: "absent",
  presenceFrom: isPossible(before, begunAt)
    ? later(before.presenceFrom, visible)
    : before.presenceFrom,
});
