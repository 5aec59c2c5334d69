/** Scenes in Slack: a click fails on its way, comes twice or from anybody; a form asks; the last update fails. */
import type { Action } from "./action.ts";
import {
  ADMIN,
  APPROVED_AFTER,
  APPROVER,
  ask,
  asker,
  endBy,
  failingTable,
  inTurn,
  lend,
  type Scene,
  SECOND,
} from "./scene.ts";
import type { TermsName } from "./terms.ts";

/** The delay after which people use the API, if Slack did not hear them. */
const LATER = 10 * SECOND;

/** Messages have their buttons after some seconds. */
const SHOWN_AFTER = 9 * SECOND;

/**
 * A decision in Slack while the table fails. If it was lost, the API repeats it some seconds later.
 */
export const clickedDecision = (kind: "approve" | "deny", terms: TermsName): Scene => ({
  seconds: 26,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const click = at + SHOWN_AFTER;
    return [
      ask({ life, person, terms, seconds: 30, at }),
      failingTable(stand, "slack", click),
      { kind, life, person: APPROVER, at: click, inSlack: true },
      { kind, life, person: APPROVER, at: click + LATER },
    ];
  },
});

/** So is what is ended there. */
export const clickedEnd: Scene = {
  seconds: 28,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const click = at + APPROVED_AFTER + SHOWN_AFTER;
    const end = endBy(inTurn(stand, ["return", "revoke"]), life, person, click);
    return [
      ...lend({ life, person, terms: "view-worker", seconds: 60, at }),
      failingTable(stand, "slack", click),
      { ...end, inSlack: true } as Action,
      { ...end, at: click + LATER },
    ];
  },
};

/**
 * Somebody who may not approve presses the button, and asks the API; an approver presses it twice.
 */
export const clickedByAnybody: Scene = {
  seconds: 19,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const click = at + SHOWN_AFTER;
    const approve = (who: string, time: number, more: object = {}): Action => ({
      kind: "approve",
      life,
      person: who,
      at: time,
      ...more,
    });
    return [
      ask({ life, person, terms: "edit-api", seconds: 40, at }),
      approve(person, click - SECOND, { isContested: true }),
      approve("mallory", click - 0.9 * SECOND, { inSlack: true, isContested: true }),
      approve("heidi", click - 0.8 * SECOND, { isContested: true }),
      approve(APPROVER, click + SECOND, { inSlack: true, isContested: true }),
      approve(APPROVER, click + 1.05 * SECOND, { inSlack: true }),
      approve(ADMIN, click + 4 * SECOND),
    ];
  },
};

/** Nobody decides, so that approvers are reminded. */
export const neverDecided: Scene = {
  seconds: 2,
  play: (stand) => [
    ask({ life: stand.life, person: asker(stand), terms: "admin-api", seconds: 20, at: stand.at }),
  ],
};

/** Somebody fills in the form, while the table fails every second time. */
export const requestForm: Scene = {
  seconds: 14,
  play: (stand) => {
    const { at, life, turn } = stand;
    const asked = ask({ life, person: asker(stand), terms: "view-both", seconds: 30, at });
    return [
      { ...asked, byForm: true } as Action,
      ...(turn % 2 === 1 ? [failingTable(stand, "slack", at + SECOND)] : []),
      { kind: "approve", life, person: APPROVER, at: at + 8 * SECOND },
    ];
  },
};

/** Slack does not take the update that shows the end. */
export const finalNotice: Scene = {
  seconds: 24,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const end = at + 10 * SECOND;
    const rule = inTurn<Record<string, string | number>>(stand, [
      { kind: "outage", method: "chat.update" },
      { kind: "rate-limit", method: "chat.update", seconds: 3, count: 12 },
      { kind: "drop", method: "chat.update" },
      { kind: "error", method: "chat.update", error: "token_revoked" },
      { kind: "delay", method: "chat.update", milliseconds: 4_000 },
    ]);
    return [
      ...lend({ life, person, terms: "edit-worker", seconds: 60, at }),
      endBy("return", life, person, end),
      { kind: "slack-fault", rule, seconds: 12, at: end + 0.5 * SECOND },
    ];
  },
};
