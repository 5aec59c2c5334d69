/** Waits for the proof that the grants are gone which a suspension or a drain ends. */
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestAnswer, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf } from "../api/lists.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { type StopSignal, untilInterrupted } from "../terminal/interruption.ts";
import { counted } from "../text/bundle-text.ts";
import { termsText } from "../text/request-text.ts";
import { spanText } from "../text/time-text.ts";
import { type FollowTiming, followEnds, type LastSeen, LIMIT_SECONDS } from "./follow-ends.ts";

type Seen = RequestSummary | RequestAnswer;

/** A stop that is stored. */
export interface Stopping {
  readonly context: Context;
  readonly api: Api;
  /** The person; undefined for everyone. */
  readonly person: string | undefined;
}

export interface StopEnds {
  /** A read has proven each. */
  readonly ended: readonly Seen[];
  readonly notProven: readonly Seen[];
}

/** @throws Failure where somebody stops the wait, or the API stays out of reach */
export async function followStop(
  { context, api, person }: Stopping,
  limitSeconds = LIMIT_SECONDS,
  timing?: FollowTiming,
): Promise<StopEnds> {
  const grants = await grantsOf(api);
  const own = grants.filter(({ requester }) => person === undefined || requester === person);
  // A suspension ends what others have through the person's principals, too.
  const principals = new Set(own.map(({ principalArn }) => principalArn));
  const stopped = grants.filter(({ principalArn }) => principals.has(principalArn));
  const seen: LastSeen = new Map(stopped.map((grant) => [grant.id, grant]));
  await untilInterrupted(
    (signal) => followEnds({ context, api }, seen, limitSeconds, signal, timing),
    (by) => {
      throw stoppedWaiting(by, ofSeen(seen), person);
    },
  );
  return ofSeen(seen);
}

const ofSeen = (seen: LastSeen): StopEnds => {
  const all = [...seen.values()];
  return {
    ended: all.filter(({ state }) => isFinal(state)),
    notProven: all.filter(({ state }) => !isFinal(state)),
  };
};

/** A line for each grant, those that are gone first. */
export const stopEndsLines = ({ ended, notProven }: StopEnds): readonly string[] =>
  ended.length + notProven.length === 0
    ? ["No grant was listed as open."]
    : [
        ...ended.map((each) => `${lineOf(each)}: ${visible(each.state)}`),
        ...notProven.map((each) => `${lineOf(each)}: end not yet confirmed`),
      ];

const lineOf = (grant: Seen): string =>
  `${visible(grant.id)}  ${visible(grant.requester)}, ${termsText(grant)}`;

const nextFor = (person: string | undefined) =>
  [
    "Next: see what is there now:",
    person === undefined ? "  timelatch grants" : `  timelatch status ${visible(person)}`,
  ] as const;

const stoppedWaiting = (by: StopSignal, ends: StopEnds, person: string | undefined): Failure =>
  new Failure(by === "SIGINT" ? "interrupted" : "terminated", "interrupted", {
    what: `${by === "SIGINT" ? "You stopped waiting." : "SIGTERM stopped the waiting."} The stop is stored, and its ends go on.`,
    notDone: "Nothing was undone.",
    findings: stopEndsLines(ends),
    next: nextFor(person),
  });

/** The failure where an end has no proof; everything was printed before it. */
export const stopNotProven = (
  { notProven }: StopEnds,
  person: string | undefined,
  limitSeconds: number,
): Failure =>
  new Failure("remains", "access-remains", {
    what: `It is not known that all of it is gone: ${counted(notProven.length, "end")} not proven after ${spanText(limitSeconds)}.`,
    notDone: "Nothing was changed besides what is listed.",
    next: nextFor(person),
  });
