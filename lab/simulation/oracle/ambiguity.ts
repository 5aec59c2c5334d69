/**
 * Finds ambiguous elements: others and the broker changed them at almost the same time. EKS has no
 * conditional write, so either outcome is correct there, and nowhere else.
 */

import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import type { CallIntent } from "../../../shared/domain/evidence/calls/call-intent.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import {
  type ElementSet,
  EMPTY,
  minus,
  sameSet,
  unionOf,
} from "../../../shared/domain/values/element-set.ts";
import type { Invocation } from "../invocation.ts";
import { inspect } from "./elements.ts";
import { type Facts, millisOf } from "./facts.ts";
import { keyOf, type Truth } from "./truth.ts";

/** Others changed the entry by hand. */
export function edited(facts: Facts, truth: Truth, before: ActualEntry | undefined): void {
  const after = facts.actual(truth);
  const { now } = facts;
  const isClash = truth.underWay > 0;
  if (isClash) facts.disturb(truth, now);
  truth.editedAt = now;
  const isReplaced = before?.accessEntryArn !== after?.accessEntryArn;
  if (after && isReplaced) truth.madeByOthers.add(after.accessEntryArn);
  if (isReplaced) truth.replacedAt = now;
  const from = now - facts.options.stack.convergeTimeoutSeconds * 1_000 - facts.bounds.unnoticed;
  if (isReplaced && (isClash || truth.entryDoubtUntil > now)) markEntry(truth, from);
  const was = isReplaced ? {} : (before?.targets ?? {});
  const is = after?.targets ?? {};
  const targets = [...Object.keys(was), ...Object.keys(is), ...truth.baseline.keys()];
  for (const target of new Set(targets)) {
    const had = was[target] ?? EMPTY;
    const has = is[target] ?? EMPTY;
    if (sameSet(had, has) && !isReplaced) continue;
    for (const element of unclearOf(facts, truth, target, { had, has, isClash }))
      mark(truth, keyOf(target, element), from);
    // Also those of the owner that a wider scope of ours had covered, and that are gone with it.
    const theirsBefore = truth.baseline.get(target) ?? EMPTY;
    for (const element of unionOf(had, has, theirsBefore))
      truth.edits.set(keyOf(target, element), now);
    const added = isReplaced ? has : minus(has, had);
    // Even where a grant lends the same: the entry is theirs then, or the grant's.
    if (after && added.length > 0) truth.usedByOthers.add(after.accessEntryArn);
    const theirs = unionOf(truth.baseline.get(target) ?? EMPTY, added);
    for (const element of theirs) truth.theirsAt.set(keyOf(target, element), now);
    truth.baseline.set(target, minus(has, oursOn(facts, truth, target)));
  }
  inspect(facts, truth);
}

/** @param from since when changes of others matter for it */
function mark({ ambiguous }: Truth, key: string, from: number): void {
  ambiguous.set(key, Math.min(from, ambiguous.get(key) ?? from));
}

/** Either owner of the entry is correct. @param from since when changes of others matter for it */
export function markEntry(truth: Truth, from: number): void {
  truth.entryAmbiguous = true;
  truth.entryAmbiguousFrom = Math.min(from, truth.entryAmbiguousFrom);
}

interface Change {
  readonly had: ElementSet;
  readonly has: ElementSet;
  readonly isClash: boolean;
}

/** Elements that a read cannot attribute: others and the broker may both have changed them. */
function unclearOf(
  facts: Facts,
  truth: Truth,
  target: string,
  { had, has, isClash }: Change,
): ElementSet {
  const baseline = truth.baseline.get(target) ?? EMPTY;
  const ours = oursOn(facts, truth, target);
  if (isClash) return unionOf(had, has, baseline);
  const changed = unionOf(minus(had, has), minus(has, had));
  // A call of ours on the same element may still land, or be missing from a read.
  const doubtful = changed.filter(
    (element) => (truth.doubts.get(keyOf(target, element)) ?? 0) > facts.now,
  );
  const alike = minus(has, had).filter((element) => ours.includes(element));
  // An edit that equals what we attempted looks like ours. Then converge restores what it removed.
  const isDisguised = alike.length > 0 && minus(has, unionOf(ours, baseline)).length === 0;
  return unionOf(doubtful, alike, isDisguised ? had : EMPTY);
}

function oursOn(facts: Facts, truth: Truth, target: string): ElementSet {
  return minus(possiblyOurs(facts, truth, target), truth.baseline.get(target) ?? EMPTY);
}

/**
 * The elements on a target that our calls may have put there: those of grants that have begun and
 * are not final.
 */
function possiblyOurs(facts: Facts, truth: Truth, target: string): ElementSet {
  return unionOf(
    ...facts.open(truth).flatMap((request) => {
      const reach = facts.reachOf(request);
      const hasBegun = millisOf(startOf(request) ?? "") - facts.bounds.skew <= facts.now;
      return reach.target === target && hasBegun ? [reach.elements] : [];
    }),
  );
}

/**
 * A call of ours takes effect, and its run may have read the entry before others edited it. A run
 * whose reads fail uses the last read that succeeded.
 */
export function markRecentEdits(
  facts: Facts,
  truth: Truth,
  { startedAt }: Invocation,
  isBlind: boolean,
): void {
  const readAt = isBlind ? Math.min(startedAt, truth.lookedAt) : startedAt;
  const from = readAt - facts.bounds.unnoticed;
  for (const [key, at] of truth.edits) if (at >= from) mark(truth, key, from);
  if (truth.replacedAt >= from) markEntry(truth, from);
}

/**
 * Called when calls are intended. If the run breaks before its ledger says so, that ledger looks like a restored one:
 * an addition by others that the run had not read may be the call's.
 */
export function markEditsIntended(
  facts: Facts,
  { clusterArn, principalArn, calls }: CallIntent,
): void {
  const truth = facts.truths.get(bindingKey(clusterArn, principalArn));
  if (!truth || !facts.current) return;
  const from = facts.current.invocation.startedAt - facts.bounds.unnoticed;
  for (const { target, elements } of calls)
    for (const key of elements.map((element) => keyOf(target ?? "", element)))
      if ((truth.edits.get(key) ?? 0) >= from) mark(truth, key, from);
}

/**
 * Called when a grant begins. An addition by others just before looks like its own until a read
 * shows it.
 */
export function markEditsBefore(facts: Facts, request: AccessRequest): void {
  const { target, elements } = facts.reachOf(request);
  const truth = facts.truthOf(request);
  const run = facts.options.stack.convergeTimeoutSeconds * 1_000;
  const from = facts.now - run - facts.bounds.unnoticed;
  for (const key of elements.map((element) => keyOf(target, element)))
    if (truth && (truth.edits.get(key) ?? 0) >= from) mark(truth, key, from);
}

/** A call of ours took effect. A read may miss it for a while. */
export function doubt(
  facts: Facts,
  truth: Truth,
  before: ActualEntry | undefined,
  after: ActualEntry | undefined,
): void {
  const until = facts.now + facts.bounds.window;
  const targets = [...Object.keys(before?.targets ?? {}), ...Object.keys(after?.targets ?? {})];
  for (const target of new Set(targets))
    for (const element of unionOf(before?.targets[target] ?? [], after?.targets[target] ?? []))
      raise(truth, keyOf(target, element), until);
  if (before?.accessEntryArn !== after?.accessEntryArn)
    truth.entryDoubtUntil = Math.max(truth.entryDoubtUntil, until);
}

/** Calls after which a deletion may land: itself, and the save that announces it. */
const BEFORE_DELETION: readonly (string | undefined)[] = ["entries.remove", "ledgers.save"];

/** A call got no answer, or its function ended first. It may land while its signature is valid. */
export function doubtUnanswered(
  facts: Facts,
  truth: Truth,
  { deadline }: Invocation,
  operation?: string,
): void {
  const until = deadline + facts.bounds.landing + facts.bounds.window;
  truth.entryDoubtUntil = Math.max(truth.entryDoubtUntil, until);
  for (const [target, elements] of Object.entries(facts.actual(truth)?.targets ?? {}))
    for (const element of elements) raise(truth, keyOf(target, element), until);
  for (const request of facts.open(truth)) {
    const { target, elements } = facts.reachOf(request);
    for (const element of elements) raise(truth, keyOf(target, element), until);
    // A removal takes a whole target: until it has landed, a read may show what was lent on it before.
    for (const key of truth.doubts.keys())
      if (key.startsWith(`${target} `)) raise(truth, key, until);
  }
  // A deletion takes every target, also of grants that are final.
  if (BEFORE_DELETION.includes(operation))
    for (const key of truth.doubts.keys()) raise(truth, key, until);
}

const raise = ({ doubts }: Truth, key: string, until: number) =>
  doubts.set(key, Math.max(doubts.get(key) ?? 0, until));
