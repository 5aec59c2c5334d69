/** Commands that end access or wait for its end, with an API that answers as a world says. */

import { type Outcome, stoppedFailure } from "../../../cli/changes/interruption-failure.ts";
import { drain } from "../../../cli/commands/stops.ts";
import { followEnds, type LastSeen } from "../../../cli/ends/follow-ends.ts";
import { missingGrant } from "../../../cli/kubernetes/live-grant.ts";
import { waitUntil } from "../../../cli/wait.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type {
  EffectiveAccessAnswer,
  PersonAccessAnswer,
} from "../../../shared/http/contract/person-access-answer.ts";
import type { StopsAnswer } from "../../../shared/http/contract/stops-answer.ts";
import { aRequest, brokerWith } from "../../cli/ends/sample-ends.ts";
import { fakeApi, fakeTerminal } from "../../cli/fake-terminal.ts";
import { SAMPLES, SENT_REQUEST } from "../../cli/sample-changes.ts";
import { NOTHING_BESIDE } from "../../cli/sample-person-access.ts";
import { ALICE, idOf } from "../../cli/sample-requests.ts";
import { apiWithStops } from "../../cli/sample-stops.ts";
import { failureOf } from "./folder.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const WIDE = { columns: Number.POSITIVE_INFINITY } as const;

/** Access that a grant of somebody else gives through the same principal. */
export const OF_ANOTHER: EffectiveAccessAnswer = {
  cluster: "prod",
  principalArn: ALICE,
  policy: "AmazonEKSViewPolicy",
  elements: ["cluster"],
  state: "there",
  by: null,
  from: null,
  asOf: null,
  until: "2026-11-24T11:00:00.000Z",
};
export const STANDING: EffectiveAccessAnswer = {
  ...OF_ANOTHER,
  by: "standing access",
  until: null,
  asOf: NOW,
};

/** The remark beside kubectl's refusal; empty where nothing is said. */
export async function besideKubectl(access: readonly EffectiveAccessAnswer[]): Promise<string> {
  const found: PersonAccessAnswer = {
    person: "alice",
    at: NOW,
    cluster: "prod",
    access,
    unread: [],
    standingAsOf: null,
    ...NOTHING_BESIDE,
  };
  const api = fakeApi(({ path }) => (path === "/v1/whoami" ? { person: "alice" } : found));
  return (await missingGrant(async () => api, "prod", NOW))?.text ?? "";
}

/** `timelatch drain`, or its lift. */
export async function draining(stops: StopsAnswer, isLift: boolean): Promise<string> {
  const terminal = fakeTerminal({ ...WIDE, api: apiWithStops(stops) });
  await drain(terminal.context, { yes: true, ...(isLift ? { lift: true } : { reason: "leak" }) });
  return terminal.out();
}

/** A wait for access that will not come. */
export async function waitingFor(state: RequestAnswer["state"]): Promise<string> {
  const { context } = fakeTerminal(WIDE);
  const over = aRequest(1, state);
  const waiting = { byDefault: false, timeoutSeconds: null };
  return failureOf(
    waitUntil(
      context,
      fakeApi(() => over),
      over,
      "effective",
      waiting,
      SENT_REQUEST,
    ),
  );
}

/** The last line of a wait for one end that is read once in this state. */
export async function following(state: RequestAnswer["state"]): Promise<string> {
  const one = aRequest(1, "active");
  const stop = new AbortController();
  const api = brokerWith({ requests: [one], states: [state, "ended"] });
  const terminal = fakeTerminal({ ...WIDE, api });
  const other = aRequest(2, "active");
  const seen: LastSeen = new Map([
    [one.id, { ...one, state }],
    [other.id, { ...other, state: "ending" }],
  ]);
  const timing = {
    firstMs: 1,
    mostMs: 1,
    pause: async () => {
      stop.abort();
      throw new Error("That is enough.");
    },
  };
  await followEnds(
    { context: terminal.context, api },
    ...([seen, 420, stop.signal, timing] as const),
  ).catch(() => undefined);
  return terminal.written.join("");
}

/** A revocation whose command somebody stops, with what is known of it by then. */
export function stoppedRevocation(outcome: "done" | "unknown"): string {
  const { sent, answer } = SAMPLES.revokeGrant;
  const known: Outcome<"revokeGrant"> =
    outcome === "done" ? { kind: "done", answer } : { kind: "unknown", readAt: NOW };
  return stoppedFailure({ by: "SIGINT", sent, who: undefined }, known).message;
}

export const ID = idOf(1);
