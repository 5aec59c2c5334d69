/** Scenes of services outside: they die, lie late, refuse the token; a ticket is closed while access lasts. */

import type { Random } from "../../simulation/random.ts";
import type { PEOPLE_ON_CALL } from "../stage/outside-people.ts";
import type { Action, ActionOf } from "./action.ts";
import { calmSpans } from "./calm.ts";
import { ask, asker, inTurn, isOver, lend, type Scene, SECOND } from "./scene.ts";

type Rule = ActionOf<"outside-fault">["rule"];

const fault = (rule: Rule, at: number, seconds: number): Action => ({
  kind: "outside-fault",
  rule,
  at,
  seconds,
});

/** Somebody's shift, which nobody follows. */
const shift = (person: keyof typeof PEOPLE_ON_CALL, at: number, seconds: number): Action => ({
  kind: "shift",
  person,
  at,
  seconds,
});

/** How services fail. In turn, so that a long plan meets each of them. */
const FAILURES: readonly [Rule, ...Rule[]] = [
  { kind: "drop" },
  { kind: "token" },
  { kind: "slow", milliseconds: 60_000 },
  { kind: "half" },
  { kind: "rate-limit", seconds: 2 },
  { kind: "outage" },
  { kind: "gone" },
];

/** Time for a look, which comes each two seconds, and for its answer. */
const READ_AFTER = 4 * SECOND;
const DEAD_SECONDS = 8;

/**
 * Dave asks while he is on call, as the service fails, and again once it works. Then it answers some seconds late, and
 * says who was on call when it was asked: by then that is carol.
 */
const failingSchedule: Scene = {
  seconds: 44,
  play: (stand) => {
    const { at, life } = stand;
    const asked = at + READ_AFTER;
    const handedOver = asked + (DEAD_SECONDS + 7) * SECOND;
    const times = [0, DEAD_SECONDS + 3, ...LATE.map((after) => DEAD_SECONDS + 7 + after)];
    return [
      shift("dave", at, 60),
      fault(inTurn(stand, FAILURES), asked - SECOND, DEAD_SECONDS),
      fault({ kind: "slow", milliseconds: 3_500 }, handedOver - 2 * SECOND, 12),
      shift("carol", handedOver, 600),
      ...times.map((after, index) =>
        ask({
          ...{ life: life + index, person: "dave", terms: "view-on-call", seconds: 20 },
          at: asked + after * SECOND,
        }),
      ),
    ];
  },
};
/** When dave asks after he handed over, in seconds. */
const LATE = [0.5, 3, 6] as const;

const ticketOf = ({ life, turn }: { readonly life: number; readonly turn: number }) =>
  `PAY-${1 + turn * 1_000 + (life % 1_000)}`;

/** A ticket is closed while access lasts that ends with it; every second time the tracker refuses the token just then. */
const closedTicket: Scene = {
  seconds: 44,
  play: (stand) => {
    const { at, life, turn } = stand;
    const ticket = ticketOf(stand);
    const closed = at + 14 * SECOND;
    return [
      { kind: "ticket", ticket, status: "indeterminate", at },
      ask({ life, person: "alice", terms: "view-ticket", seconds: 300, at: at + SECOND, ticket }),
      ...(turn % 2 === 1 ? [fault({ kind: "token" }, closed - SECOND, DEAD_SECONDS)] : []),
      { kind: "ticket", ticket, status: "done", at: closed },
    ];
  },
};

/** Somebody asks for a ticket that is closed, while the tracker is away. */
const deadTracker: Scene = {
  seconds: 24,
  play: (stand) => {
    const { at, life } = stand;
    const ticket = ticketOf(stand);
    return [
      { kind: "ticket", ticket, status: "done", at },
      fault(inTurn(stand, FAILURES), at + SECOND, DEAD_SECONDS),
      ask({
        life,
        person: "alice",
        terms: "view-ticket",
        seconds: 20,
        at: at + 2 * SECOND,
        ticket,
      }),
    ];
  },
};

/** Every service is silent, or dead, while somebody borrows who needs none of them. */
const othersGoOn: Scene = {
  seconds: 34,
  play: (stand) => {
    const { at, life } = stand;
    const rule = inTurn<Rule>(stand, [{ kind: "slow", milliseconds: 60_000 }, { kind: "drop" }]);
    return [
      fault(rule, at, 16),
      ...lend({
        life,
        person: asker(stand),
        terms: "edit-worker",
        seconds: 30,
        at: at + 3 * SECOND,
      }),
    ];
  },
};

const SCENES: readonly Scene[] = [failingSchedule, closedTicket, deadTracker, othersGoOn];
/** Above every number of `lab/chaos/plan/scenes.ts`, and below those of `lab/chaos/plan/restores.ts`. */
const FIRST_LIFE = 250_000;
const LIVES = 10;

/**
 * Each calm span plays each scene once.
 * @param until when the plan ends, in milliseconds: a short one has no scenes
 */
export const outsideScenes = (random: Random, until: number): readonly Action[] =>
  calmSpans(until).flatMap(({ from, to }, turn) =>
    SCENES.flatMap(({ seconds, play }, index) => {
      const life = FIRST_LIFE + (turn * SCENES.length + index) * LIVES;
      const scene = play({ random, turn, life, at: random.between(from, to - seconds * SECOND) });
      return scene.every((action) => isOver(action, until)) ? scene : [];
    }),
  );
