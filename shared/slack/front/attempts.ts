/** Records who tried to decide without the right to: in the request's history, and in the log. */
import { hashOf } from "../../domain/values/canonical-json.ts";
import { type Attempt, recordAttempt } from "../../usecases/requests/record-attempt.ts";
import { personOf } from "../sender.ts";
import { factsOf, type Given, nameOf } from "./given.ts";
import { decisionsIn } from "./stakes.ts";

/**
 * Refusals that say something about who acts, as the history has them. A person who may not see a
 * request is answered as if it did not exist.
 */
const REASONS: Readonly<Record<string, string>> = {
  foreign: "foreign",
  unknown: "unknown",
  deactivated: "deactivated",
  bot: "bot",
  guest: "guest",
  forbidden: "forbidden",
  "self-approval": "self-approval",
  "decided-elsewhere": "decided-elsewhere",
  "not-delegable": "not-delegable",
  "delegator-asked": "delegator-asked",
  "delegator-holds-principal": "delegator-holds-principal",
  "delegator-lost-standing": "delegator-lost-standing",
  "delegation-over": "delegation-over",
  "delegation-ended": "delegation-ended",
  "request-not-found": "forbidden",
};

/**
 * Records the attempt, if the payload asks for a decision and `code` is about who acts. A failure
 * here is logged: the refusal itself is what counts.
 */
export async function noteAttempt(given: Given, code: string): Promise<void> {
  const { front, payload, log } = given;
  const why = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined;
  if (why === undefined) return;
  const decisions = decisionsIn(payload);
  for (const { id, tried } of decisions) {
    // A message is in each request's history once.
    const nonce =
      decisions.length === 1 ? given.call.signedBody : hashOf([given.call.signedBody, id]);
    try {
      const attempt = { ...attemptOf(given, tried, why), nonce };
      const isRecorded = await recordAttempt(front, id, attempt);
      log("warn", "tried to decide", { ...factsOf(given), request: id, tried, why, isRecorded });
    } catch (error) {
      const facts = { ...factsOf(given), request: id, error: nameOf(error) };
      log("error", "attempt not recorded", facts);
    }
  }
}

function attemptOf(
  { front, payload, call }: Given,
  tried: Attempt["tried"],
  why: string,
): Omit<Attempt, "nonce"> {
  const { user, homes } = payload.sender;
  const known = personOf(front.policy, payload.sender);
  const team = "member" in known ? known.team : (homes[0] ?? "");
  return {
    tried,
    why,
    who: "member" in known ? known.member.name : `slack:${team}/${user}`,
    surface: "slack",
    proof: { ...call, team, user },
  };
}
