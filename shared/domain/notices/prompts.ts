/**
 * The times at which approvers of a pending request are asked again. A second circle is asked at
 * its time, and everyone asked by then as often as the rule says. Pure: nothing is stored until a
 * prompt is sent.
 */
import { needsOf } from "../policy/needs.ts";
import type { AccessPolicy, Rule } from "../policy/policy.ts";
import { ruleOfRequest } from "../policy/rule-of-request.ts";
import type { AccessRequest } from "../requests/request.ts";
import { askedFrom } from "../requests/requirement.ts";
import { plusSeconds } from "../values/instant.ts";
import type { NoticeFacts } from "./notice.ts";

const PROMPT_KINDS = ["escalation", "reminder"] as const;

export interface Prompt {
  readonly kind: (typeof PROMPT_KINDS)[number];
  /** Counts from 1 within its kind. */
  readonly number: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/**
 * Every prompt of a request until it lapses, the earliest first. The pauses between reminders double.
 * A second circle whose requirement is met is not asked. Numbers stay as they are when one is met.
 */
function promptsOf(policy: AccessPolicy, request: AccessRequest): readonly Prompt[] {
  const rule = ruleOfRequest(policy, request);
  if (request.state !== "pending" || !rule) return [];
  const open = needsOf(policy, request).flatMap(({ escalate }) => escalate?.askedFrom ?? []);
  return [
    ...numbered("escalation", escalationTimes(rule, request)).filter(({ at }) => open.includes(at)),
    ...numbered("reminder", reminderTimes(rule, request)),
  ]
    .filter(({ at }) => at < request.lapsesAt)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));
}

const numbered = (kind: Prompt["kind"], times: readonly string[]): readonly Prompt[] =>
  times.map((at, before) => ({ kind, number: before + 1, at }));

const escalationTimes = ({ approval }: Rule, { createdAt }: AccessRequest): readonly string[] =>
  [
    ...new Set(
      approval.flatMap(({ escalate }) => (escalate ? askedFrom(escalate, createdAt) : [])),
    ),
  ].toSorted();

const reminderTimes = ({ remind }: Rule, { createdAt }: AccessRequest): readonly string[] =>
  Array.from({ length: remind?.times ?? 0 }, (_, before) =>
    plusSeconds(createdAt, (remind?.afterSeconds ?? 0) * (2 ** (before + 1) - 1)),
  );

/** The latest of each kind whose time has come: it has overtaken the earlier ones. */
export function duePrompts(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): readonly Prompt[] {
  const due = promptsOf(policy, request).filter(({ at }) => at <= now);
  return PROMPT_KINDS.flatMap((kind) => due.findLast((prompt) => prompt.kind === kind) ?? []);
}

/** When the next prompt comes; null where none does. ISO 8601 UTC. */
export const nextPromptAt = (
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): string | null => promptsOf(policy, request).find(({ at }) => at > now)?.at ?? null;

/**
 * The people that a prompt asks: the second circle whose time has come, or all who are asked by
 * now.
 */
export const askedBy = (kind: Prompt["kind"], { stillNeeded }: NoticeFacts): readonly string[] => [
  ...new Set(
    stillNeeded.flatMap(({ people, second }) =>
      kind === "reminder" ? people : second?.isAsked ? second.people : [],
    ),
  ),
];
