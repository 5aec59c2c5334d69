/** Reads who is on call, for whoever judges by it. A policy without schedules costs no read. */
import {
  askedFirstBy,
  askedOf,
  type KnownOnCall,
  keysOf,
  knownOnCall,
  NOTHING_READ,
  type Readings,
} from "../../domain/policy/known-on-call.ts";
import type { AccessPolicy, Member, Rule } from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import type { FactStore } from "../../ports/fact-store.ts";
import type { OutsideQueue } from "../../ports/outside-queue.ts";

interface FactReader {
  readonly policy: AccessPolicy;
  readonly facts: Pick<FactStore, "schedules">;
}

/** The readings of schedules by their names, in one read. */
export async function readSchedules(
  { policy, facts }: FactReader,
  names: readonly string[],
): Promise<Readings> {
  const keys = keysOf(policy, names);
  return keys.length === 0 ? NOTHING_READ : facts.schedules(keys);
}

/** The answers to what a person's rules ask: about themself, and about those who approve. */
export interface AskersReadings {
  readonly readings: Readings;
  readonly onCall: KnownOnCall;
}

/** @param at when they ask */
export async function readForAsker(
  reader: FactReader,
  member: Member,
  at: string,
): Promise<AskersReadings> {
  const rules = rulesFor(reader.policy, member);
  const names = askedOf(rules);
  const readings = await readSchedules(reader, [...names, ...askedFirstBy(rules)]);
  return { readings, onCall: knownOnCall(reader.policy, member, names, readings, at) };
}

/** The judgements that a person's break-glass rules ask for, where a request becomes break-glass. */
export async function readForGlass(
  reader: FactReader,
  member: Member,
  at: string,
): Promise<KnownOnCall> {
  const glass = rulesFor(reader.policy, member).filter(({ breakGlass }) => breakGlass);
  const names = askedOf(glass);
  return knownOnCall(reader.policy, member, names, await readSchedules(reader, names), at);
}

/** The judgement that a rule asks for about one person; undefined where it asks for nothing, so that nothing is read. */
export async function readForRule(
  reader: FactReader,
  rule: Rule | undefined,
  member: Member | undefined,
  at: string,
): Promise<KnownOnCall | undefined> {
  const name = rule?.who.onCall;
  if (name === undefined || !member) return undefined;
  const readings = await readSchedules(reader, [name]);
  return knownOnCall(reader.policy, member, [name], readings, at);
}

/**
 * Has schedules looked at now, where a rule would lend if its asker were on call. They may be since a
 * moment ago, and ask again.
 */
export async function lookAgainFor(
  { policy, outside }: { readonly policy: AccessPolicy; readonly outside: OutsideQueue },
  { facts: { refusals = [] } }: RefusedAsk,
): Promise<void> {
  const lacking = refusals.flatMap(({ rule, objections }) =>
    objections.every(({ code }) => code === "not-on-call" || code === "on-call-unknown")
      ? [rule]
      : [],
  );
  const keys = keysOf(policy, askedOf(policy.rules.filter(({ name }) => lacking.includes(name))));
  if (keys.length === 0) return;
  // The refusal is told all the same: sweep has every schedule looked at within a minute.
  await outside.look(keys).catch(() => undefined);
}
