/** The parts of a scene. */
import type { Random } from "../../simulation/random.ts";
import type { Action, ActionOf } from "./action.ts";
import { type TermsName, termsOf } from "./terms.ts";

export const SECOND = 1_000;

/** One time that a scene is played. */
export interface Stand {
  readonly random: Random;
  /** When it begins, in milliseconds. */
  readonly at: number;
  /** The number of its first life: it may have ten. */
  readonly life: number;
  /** How many calm spans there were before: variants take turns. */
  readonly turn: number;
}

export interface Scene {
  /** How long it needs calm, in seconds. */
  readonly seconds: number;
  readonly play: (stand: Stand) => readonly Action[];
}

/** Requesters in scenes. Others suspend mallory. */
const ASKERS = ["alice", "dave"] as const;
/** An approver of everything but staging; an administrator. */
export const APPROVER = "bob";
export const ADMIN = "carol";

export const asker = ({ random }: Stand): string => random.pick(ASKERS);

/** The variant whose turn it is. */
export function inTurn<Item>({ turn }: Stand, items: readonly [Item, ...Item[]]): Item {
  return items[turn % items.length] ?? items[0];
}

/** When a request of a scene is approved, after it was asked for. */
export const APPROVED_AFTER = 1.5 * SECOND;

interface Asked {
  readonly life: number;
  readonly person: string;
  readonly terms: TermsName;
  readonly seconds: number;
  readonly at: number;
  readonly ticket?: string;
}

/** A namespace that nobody else asks for, where its rule lends them all. So no request left pending is in its way. */
const ownNamespace = ({ life, terms }: Asked) =>
  OWN.has(terms) ? { namespace: `payments-${life}` } : {};
const OWN: ReadonlySet<TermsName> = new Set([
  ...(["edit-api", "edit-both", "edit-worker", "view-api", "view-both", "view-worker"] as const),
  ...(["view-on-call", "view-ticket"] as const),
]);

export const ask = (asked: Asked): Action => ({ kind: "ask", ...asked, ...ownNamespace(asked) });

/** Asks for it, and has it approved with the API. */
export const lend = (asked: Asked): readonly Action[] => [
  ask(asked),
  ...termsOf(asked.terms).approvers.map(
    (person): Action => ({
      kind: "approve",
      life: asked.life,
      person,
      at: asked.at + APPROVED_AFTER,
    }),
  ),
];

/** Its requester gives it back, or an administrator revokes it. */
export const endBy = (
  kind: "return" | "revoke",
  life: number,
  person: string,
  at: number,
): Action => ({
  kind,
  life,
  at,
  person: kind === "return" ? person : ADMIN,
});

export const awsFault = (
  rule: ActionOf<"aws-fault">["rule"],
  at: number,
  seconds: number,
): Action => ({ kind: "aws-fault", rule, at, seconds });

/** Whether a fault ends before the plan does. */
export const isOver = (action: Action, until: number): boolean =>
  !("rule" in action || "behaviour" in action) || action.at + action.seconds * SECOND < until;

/** The queue in front of notify: nothing else waits for it. */
export const NOTIFY_QUEUE = "timelatch-notify.fifo";

/** The lead of a fault before the deed that it is aligned with. */
export const JUST_BEFORE = 0.15 * SECOND;

/** How a table fails a function. Five, so that each scene of a long plan meets each of them. */
type Rule = ActionOf<"aws-fault">["rule"];
const TABLE_FAULTS: readonly [Rule, ...Rule[]] = [
  { kind: "throttle", operation: "TransactWriteItems" },
  { kind: "delay", operation: "TransactWriteItems", milliseconds: 1_300 },
  { kind: "refuse", operation: "TransactWriteItems" },
  { kind: "delay", milliseconds: 800 },
  { kind: "drop", operation: "TransactWriteItems", count: 2 },
];

/** The tables do not answer one function, or answer late, at a deed. A button may be shown some seconds later. */
export const failingTable = (stand: Stand, name: "api" | "slack", at: number): Action =>
  awsFault(
    { service: "dynamodb", role: `timelatch-${name}`, ...inTurn(stand, TABLE_FAULTS) },
    at - JUST_BEFORE,
    name === "slack" ? 8 : 5,
  );
