/** Scenes of notices: the last step of a request wakes nobody, neither at first nor by the next sweeps. */
import type { Action } from "./action.ts";
import {
  APPROVER,
  ask,
  asker,
  awsFault,
  endBy,
  inTurn,
  JUST_BEFORE,
  lend,
  NOTIFY_QUEUE,
  type Scene,
  SECOND,
} from "./scene.ts";
import type { TermsName } from "./terms.ts";

/** Nobody can send to notify. */
const DEAF = { kind: "refuse", service: "sqs", operation: "SendMessage", resource: NOTIFY_QUEUE };
/** A fault of only one function. */
const deafTo = (name: string) => ({ ...DEAF, role: `timelatch-${name}` });
/** Chaos has a sweep every two seconds: two at least want to wake notify meanwhile. */
const DEAF_SECONDS = 5;

/** Notify has shown by then what was asked, and a grant is active. */
const SHOWN_AFTER = 11 * SECOND;
/** The time from the return of a grant to the report of its end. */
const REPORTED_AFTER = 2 * SECOND;

/** Notify has nothing to do as requests are over. Nobody can wake it, then all can, and no later step repairs anything. */
export const unheardLastSteps: Scene = {
  seconds: 20,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const last = at + SHOWN_AFTER;
    const asked = (index: number, terms: TermsName) =>
      ({ life: life + index, person, terms, seconds: 60, at }) as const;
    return [
      ...[ask(asked(0, "edit-api")), ask(asked(1, "view-api")), ...lend(asked(2, "view-both"))],
      awsFault(DEAF, last - JUST_BEFORE, DEAF_SECONDS),
      { kind: "deny", life, person: APPROVER, at: last },
      { kind: "cancel", life: life + 1, person, at: last },
      endBy(inTurn(stand, ["return", "revoke"]), life + 2, person, last - REPORTED_AFTER),
    ];
  },
};

/** Notify may have much to do before it shows what was asked. */
const SHOWN_WITHIN = 36;
const NEXT = 3 * SECOND;
const DENIED: readonly TermsName[] = ["view-api", "edit-worker", "view-both", "edit-both"];
const LASTS_SECONDS = SHOWN_WITHIN + DEAF_SECONDS;
/** The delay of each write, from the moment that somebody sees its message. */
const SLOW = {
  kind: "delay",
  service: "dynamodb",
  operation: "UpdateItem",
  milliseconds: 1_200,
  role: "timelatch-notify",
};
/** An approver sees a message before Slack says that it is there. */
const SLOW_SLACK = { kind: "delay", method: "chat.postMessage", milliseconds: 400 };

/**
 * An approver denies in Slack what they see at once: notify is still at work at the step before, and nothing wakes it.
 * Nor has a sweep sent it a message that waits for this run to end.
 */
export const deniedOnSight: Scene = {
  seconds: LASTS_SECONDS + DEAF_SECONDS,
  play: (stand) => {
    const { at, life } = stand;
    const denied = (terms: TermsName, index: number): readonly Action[] => {
      const known = { life: life + index, at: at + index * NEXT };
      return [
        ask({ ...known, person: asker(stand), terms, seconds: 60 }),
        {
          kind: "deny",
          life: known.life,
          person: APPROVER,
          at: known.at + 0.2 * SECOND,
          inSlack: true,
          onSight: [SLOW, deafTo("slack")].map((rule) => ({ rule, seconds: DEAF_SECONDS })),
        },
      ];
    };
    return [
      { kind: "slack-fault", rule: SLOW_SLACK, at, seconds: LASTS_SECONDS },
      awsFault(deafTo("sweep"), at - JUST_BEFORE, LASTS_SECONDS),
      ...DENIED.flatMap(denied),
    ];
  },
};
