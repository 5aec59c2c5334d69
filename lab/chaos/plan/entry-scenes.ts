/** Scenes of access entries: a wake, a timer or a fuse is lost, or two runs of converge work at one entry. */
import { SPOKE_ACCOUNT } from "../../sandbox/world/account.ts";
import type { Action } from "./action.ts";
import {
  APPROVED_AFTER,
  APPROVER,
  asker,
  awsFault,
  endBy,
  failingTable,
  inTurn,
  JUST_BEFORE,
  lend,
  type Scene,
  SECOND,
  type Stand,
} from "./scene.ts";

/** Two grants on one entry. */
const TERMS = ["edit-api", "view-worker"] as const;
/** A grant removes its access ten seconds before its end: `lab/chaos/plan/lives.ts`. */
const MARGIN = 10 * SECOND;

/** Acts through the API wake nobody. */
const lostWakes = (stand: Stand, at: number): Action =>
  awsFault(
    {
      kind: inTurn(stand, ["throttle", "refuse"]),
      service: "sqs",
      operation: "SendMessage",
      role: "timelatch-api",
    },
    at - JUST_BEFORE,
    3,
  );

/** Only the sweep adds the access. */
export const unwokenBegin: Scene = {
  seconds: 18,
  play: (stand) => {
    const { at, life } = stand;
    const asked = { life, person: asker(stand), terms: "edit-worker", seconds: 40, at } as const;
    return [...lend(asked), lostWakes(stand, at + APPROVED_AFTER)];
  },
};

/** Only the sweep removes the access of a grant that was ended early. */
export const unwokenEnd: Scene = {
  seconds: 26,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const end = at + 14 * SECOND;
    return [
      ...lend({ life, person, terms: "view-both", seconds: 60, at }),
      lostWakes(stand, end),
      endBy(inTurn(stand, ["return", "revoke"]), life, person, end),
    ];
  },
};

/** Scheduler fires nothing, so only the sweep removes expired access. */
export const unfired: Scene = {
  seconds: 40,
  play: (stand) => {
    const { at, life } = stand;
    const seconds = 25;
    const due = at + APPROVED_AFTER + seconds * SECOND - MARGIN;
    return [
      ...lend({ life, person: asker(stand), terms: "view-api", seconds, at }),
      {
        kind: "schedules",
        seconds: 25,
        at: due - 2 * SECOND,
        behaviour: { lossProbability: 1 },
      },
    ];
  },
};

/**
 * The time in which EKS refuses every removal by the broker in the second account. It takes the
 * fuse's.
 */
const FUSE_SECONDS = 85;
const REMOVALS = ["DisassociateAccessPolicy", "DeleteAccessEntry"] as const;

/** Only the fuse removes the access. Every second time, since it takes longer than a calm span. */
export const fuseAlone: Scene = {
  seconds: 50,
  play: ({ at, life, turn }) =>
    turn % 2 === 1
      ? []
      : [
          ...lend({ life, person: "heidi", terms: "view-overseas", seconds: 18, at }),
          ...REMOVALS.map((operation) =>
            awsFault(
              {
                kind: "throttle",
                service: "eks",
                operation,
                role: "timelatch-grantor",
                account: SPOKE_ACCOUNT,
              },
              at + 6 * SECOND,
              FUSE_SECONDS,
            ),
          ),
        ],
};

/** The API's tables fail as somebody approves, and as somebody ends the grant. */
export const failedAnswers: Scene = {
  seconds: 36,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const end = at + 16 * SECOND;
    const ends = endBy(inTurn(stand, ["return", "revoke"]), life, person, end);
    return [
      ...lend({ life, person, terms: "edit-both", seconds: 60, at }),
      failingTable(stand, "api", at + APPROVED_AFTER),
      { kind: "approve", life, person: APPROVER, at: at + APPROVED_AFTER + AGAIN },
      failingTable(stand, "api", end),
      ends,
      { ...ends, at: end + AGAIN },
    ];
  },
};
/** The time after which a lost call is tried again. */
const AGAIN = 6 * SECOND;

/** Converge cannot wake notify, and Slack is slow: notify may be at work when the next step is stored. */
const unheardSteps = (at: number): readonly Action[] => [
  awsFault(
    {
      kind: "throttle",
      service: "sqs",
      operation: "SendMessage",
      role: "timelatch-converge",
    },
    at,
    9,
  ),
  {
    kind: "slack-fault",
    at,
    seconds: 9,
    rule: { kind: "delay", method: "chat.update", milliseconds: 700 },
  },
];

/** The last step of a grant wakes nobody. */
export const unwokenNotice: Scene = {
  seconds: 26,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const end = at + 13 * SECOND;
    return [
      ...lend({ life, person, terms: "view-worker", seconds: 60, at }),
      ...unheardSteps(at + APPROVED_AFTER),
      endBy(inTurn(stand, ["revoke", "return"]), life, person, end),
      ...unheardSteps(end),
    ];
  },
};

/** Messages are given out again while their run is at work, and EKS is slow: two runs work at one entry. */
const twoRuns = (at: number): readonly Action[] => [
  awsFault(
    {
      kind: "overlap",
      service: "sqs",
      operation: "ReceiveMessage",
      milliseconds: 250,
      role: "timelatch-converge",
      count: 4,
    },
    at - JUST_BEFORE,
    4,
  ),
  awsFault({ kind: "delay", service: "eks", milliseconds: 350 }, at - JUST_BEFORE, 4),
];

/** Two grants on one entry begin at once, and one is ended while two runs work at it. */
export const overlapping: Scene = {
  seconds: 30,
  play: (stand) => {
    const { at, life } = stand;
    const person = asker(stand);
    const end = at + 14 * SECOND;
    return [
      ...TERMS.flatMap((terms, index) =>
        lend({ life: life + index, person, terms, seconds: 50, at: at + index * 100 }),
      ),
      ...twoRuns(at + APPROVED_AFTER),
      ...twoRuns(end),
      endBy(inTurn(stand, ["return", "revoke"]), life + (stand.turn % 2), person, end),
    ];
  },
};
