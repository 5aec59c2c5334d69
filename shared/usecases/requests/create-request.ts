import type { Actor } from "../../domain/policy/actor.ts";
import { isLentAtOnce } from "../../domain/policy/glass-surface.ts";
import { judgeAsk } from "../../domain/policy/judge-ask.ts";
import { askedFirstUnder } from "../../domain/policy/known-on-call.ts";
import type { Rule } from "../../domain/policy/policy.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import type { Defaulted } from "../../domain/requests/audit-event.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { usefulUntil } from "../../domain/requests/useful-until.ts";
import type { Settings } from "../../domain/settings.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readForAsker } from "../facts/read-schedules.ts";
import { checkAskedHere } from "./asked-elsewhere.ts";
import { judgeRequest } from "./judge-request.ts";
import { firstSteps, type NewRequest, type Part, storeNew } from "./new-request.ts";

/**
 * Stores a request for access. If the rule needs no approver, the policy approves it at once. A
 * repeated ask with the same idempotency key returns the first request as it was answered then.
 *
 * @throws BrokerError `policy-denied`, `duration-too-long`, `invalid-request`, `duplicate-request`,
 *   `idempotency-mismatch`, `cluster-not-ready`, `review-overdue`, `break-glass-open`, `rate-limited`,
 *   `too-many-grants`, `too-much-on-one-entry`, `too-many-pending`, `too-many-automatic`, `decided-elsewhere`
 * @throws NonceUsed if the actor's signed message acted before
 */
export const createRequest = (
  ports: FrontPorts,
  actor: Actor,
  ask: Ask,
  idempotencyKey: string | undefined,
): Promise<AccessRequest> =>
  storeNew(ports, actor, { operation: "createRequest", body: ask, idempotencyKey }, () =>
    newRequest(ports, actor, ask),
  );

/**
 * The first steps of a request, which nobody has stored yet.
 *
 * @param part its place in an ask for several
 * @throws BrokerError where the ask is refused
 */
export async function newRequest(
  ports: FrontPorts,
  actor: Actor,
  ask: Ask,
  part?: Part,
): Promise<NewRequest> {
  const at = ports.clock.now();
  const { readings, onCall } = await readForAsker(ports, actor.member, at);
  const judgement = await judgeRequest(ports, actor.member, ask, at, onCall);
  if (!judgement.allowed) throw new BrokerError(judgement.code, judgement.detail, judgement.facts);
  const { rule, cluster, principalArn, durationSeconds } = judgement;
  checkAskedHere(rule, actor, `timelatch request --cluster ${cluster.name} --rule ${rule.name}`);
  const { access, reason, startsAt, via } = ask;
  const { ticket } = judgement;
  const asked = { cluster, principalArn, access, durationSeconds, reason, startsAt };
  const about = ticket === undefined ? {} : { ticket };
  const terms = { ...asked, ...about, ...(via ? { via } : {}) };
  const lapsesAt = lapseOf(at, startsAt, durationSeconds, rule, ports.settings);
  const askedFirst = askedFirstUnder(ports.policy, rule, {
    readings,
    member: actor.member,
    principalArn,
    now: at,
  });
  const known = { ...(judgement.onCall ? { onCall: judgement.onCall } : {}), ...askedFirst };
  const defaults = defaultsOf(ask);
  return {
    steps: firstSteps(ports, actor, rule, terms, { at, lapsesAt, defaults, part, ...known }),
    rule,
  };
}

/** The record says what was named: else nobody could judge the ask by another policy. */
const defaultsOf = ({ rule, durationSeconds, principalArn }: Ask): readonly Defaulted[] => [
  ...(rule === null ? (["rule"] as const) : []),
  ...(durationSeconds === null ? (["duration"] as const) : []),
  ...(principalArn === null ? (["principal"] as const) : []),
];

/**
 * The break-glass that an ask would be at once, so that somebody can confirm it first; undefined for
 * every other ask. It stores nothing.
 *
 * @throws BrokerError where `createRequest` would refuse the break-glass
 */
export async function glassOf(
  ports: FrontPorts,
  actor: Actor,
  ask: Ask,
): Promise<AccessRequest | undefined> {
  // Reads the policy, and who is on call where it asks: most asks are no break-glass, and cost nothing more.
  const now = ports.clock.now();
  const { onCall } = await readForAsker(ports, actor.member, now);
  const found = judgeAsk(ports.policy, actor.member, ask, now, undefined, onCall);
  if (!found.allowed || !isLentAtOnce(found.rule)) return undefined;
  const { steps } = await newRequest(ports, actor, ask);
  return steps.at(-1)?.request;
}

/**
 * When a request lapses: after `lapseSeconds` of its rule, or earlier if too little of its time would remain.
 */
function lapseOf(
  now: string,
  startsAt: string | null,
  durationSeconds: number,
  { lapseSeconds }: Rule,
  settings: Settings,
): string {
  const unanswered = plusSeconds(now, lapseSeconds);
  const useful = usefulUntil(startsAt, durationSeconds, settings);
  return useful !== null && useful < unanswered ? useful : unanswered;
}
