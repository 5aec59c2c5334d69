import type { Actor } from "../domain/actor.ts";
import { deadlineOf } from "../domain/admission.ts";
import { clusterOf, parsePrincipalArn } from "../domain/arn.ts";
import { hashOf } from "../domain/canonical-json.ts";
import { digestOf } from "../domain/digest.ts";
import { durationUnder, findRule, type Terms } from "../domain/eligibility.ts";
import { BrokerError } from "../domain/errors.ts";
import { earliest, plusSeconds } from "../domain/instant.ts";
import { begin, type Step, transition } from "../domain/lifecycle.ts";
import { type AccessPolicy, clusterNamed, type Member, type Rule } from "../domain/policy.ts";
import type { Access, AccessRequest } from "../domain/request.ts";
import type { Settings } from "../domain/settings.ts";
import type { FrontPorts } from "../ports/ports.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../ports/request-store.ts";
import { wakeConverge } from "./wake-converge.ts";

/** What is asked for, in the API's words; `null` where nothing was said. */
export interface Ask {
  readonly cluster: string;
  readonly access: Access;
  readonly durationSeconds: number | null;
  readonly reason: string;
  readonly principalArn: string | null;
  readonly startsAt: string | null;
  readonly rule: string | null;
}

/**
 * Stores a request for access. Where the rule needs no person, policy approves it at once.
 * With an idempotency key, the same ask again answers the first request as it was then.
 *
 * @throws BrokerError `policy-denied`, `invalid-request`, `duplicate-request`,
 *   `idempotency-mismatch`
 */
export async function createRequest(
  ports: FrontPorts,
  actor: Actor,
  ask: Ask,
  idempotencyKey: string | undefined,
): Promise<AccessRequest> {
  const key = idempotencyKey === undefined ? undefined : keyOf(actor, ask, idempotencyKey);
  const earlier = key && (await answered(ports, key));
  if (earlier) return earlier;
  const steps = firstSteps(ports, actor, ask);
  try {
    await ports.requests.create(steps, key);
  } catch (error) {
    if (!(error instanceof IdempotencyTaken) || !key) throw error;
    const winner = await answered(ports, key);
    if (!winner) throw error;
    return winner;
  }
  const stored = steps[steps.length - 1]?.request;
  if (!stored) throw new BrokerError("invariant-broken", "A request was stored without a step.");
  if (stored.state === "approved") await wakeConverge(ports, stored, "approved");
  return stored;
}

const keyOf = (actor: Actor, ask: Ask, key: string): IdempotencyKey => ({
  keyHash: hashOf([actor.member.name, "createRequest", key]),
  bodyHash: hashOf(ask),
});

async function answered(
  { requests }: FrontPorts,
  { keyHash, bodyHash }: IdempotencyKey,
): Promise<AccessRequest | undefined> {
  const record = await requests.idempotent(keyHash);
  if (record && record.bodyHash !== bodyHash)
    throw new BrokerError(
      "idempotency-mismatch",
      "This Idempotency-Key was used for another request. Nothing was stored; send a new key.",
    );
  return record?.answer;
}

function firstSteps(ports: FrontPorts, { member, proof }: Actor, ask: Ask): readonly Step[] {
  const { policy, settings, chance } = ports;
  const at = chance.now();
  const cluster = clusterNamed(policy, ask.cluster);
  if (!cluster)
    throw new BrokerError(
      "policy-denied",
      `No cluster is called ${ask.cluster}. Nothing was stored.`,
    );
  const principalArn = ask.principalArn ?? onlyPrincipal(member, clusterOf(cluster.arn).account);
  const terms: Terms = { ...ask, principalArn };
  const rule = ruleFor(policy, member, terms, ask.rule);
  const durationSeconds = durationUnder(rule, terms);
  checkStart(ask.startsAt, at);
  const plain = {
    schema: 1,
    id: chance.newId(),
    requester: member.name,
    cluster: { name: ask.cluster, arn: cluster.arn },
    principalArn,
    access: ask.access,
    durationSeconds,
    reason: ask.reason,
    rule: rule.name,
    startsAt: ask.startsAt,
  } as const;
  const first = begin(
    {
      ...plain,
      breakGlass: rule.breakGlass,
      requirements: rule.approval,
      createdAt: at,
      lapsesAt: lapseOf(at, ask.startsAt, durationSeconds, settings),
      digest: digestOf(plain),
      approvals: [],
      approvedAt: null,
      effectiveAt: null,
      revokeAt: null,
      expiresAt: null,
      endedAt: null,
      outcome: null,
    },
    {
      type: "request",
      actor: member.name,
      at,
      policyHash: policy.hash,
      details: { ...plain, proof },
    },
  );
  return rule.approval.length > 0 ? [first] : [first, byPolicy(first.request, rule, ports, at)];
}

/** Where no person has to agree, the policy itself approves, and the history says so. */
function byPolicy(request: AccessRequest, rule: Rule, ports: FrontPorts, at: string): Step {
  const times = deadlineOf({ ...request, approvedAt: at }, ports.settings);
  return transition(request, {
    type: "approve",
    actor: `policy:${rule.name}`,
    at,
    policyHash: ports.policy.hash,
    details: { ...times },
    changes: { approvedAt: at, ...times },
  });
}

function ruleFor(policy: AccessPolicy, member: Member, terms: Terms, named: string | null): Rule {
  const found = findRule(policy, member, terms, named ?? undefined);
  if ("rule" in found) return found.rule;
  // Rules for other people say nothing useful to this one, and need not be known to them.
  const telling = found.refusals.filter(
    ({ objections }) => !objections.some(({ code }) => code === "not-for-you"),
  );
  const closest = telling.toSorted((a, b) => a.objections.length - b.objections.length)[0];
  const why = closest?.objections.map(({ detail }) => detail).join(" ");
  throw new BrokerError(
    "policy-denied",
    why
      ? `No rule allows this. Closest: ${why} Nothing was stored; change the request, or ask for a change of access.yaml.`
      : "No rule allows this to you. Nothing was stored; ask for a change of access.yaml.",
    { refusals: telling },
  );
}

/** The person's one principal in the cluster's account; otherwise they have to say which. */
function onlyPrincipal(member: Member, account: string): string {
  const own = member.principals.filter((arn) => parsePrincipalArn(arn)?.account === account);
  const [only] = own;
  if (only && own.length === 1) return only;
  throw new BrokerError(
    "invalid-request",
    own.length === 0
      ? `access.yaml names no principal of ${member.name} in account ${account}. Nothing was stored.`
      : `${member.name} has several principals in account ${account}: name one as principalArn. Nothing was stored.`,
    { errors: [{ pointer: "/principalArn", detail: own.join(", ") || "There is none." }] },
  );
}

const LATEST_START_SECONDS = 30 * 86_400;

function checkStart(startsAt: string | null, now: string): void {
  if (startsAt === null) return;
  const inTime = startsAt > now && startsAt <= plusSeconds(now, LATEST_START_SECONDS);
  if (!inTime)
    throw new BrokerError("invalid-request", "See `errors`. Nothing was stored.", {
      errors: [
        {
          pointer: "/startsAt",
          detail: "Name an instant within the next 30 days, or leave it out.",
        },
      ],
    });
}

/** A request lapses unanswered, or at the latest when too little of its time would remain. */
function lapseOf(
  now: string,
  startsAt: string | null,
  durationSeconds: number,
  { lapseSeconds, marginSeconds, tooLateSeconds, granularitySeconds }: Settings,
): string {
  const unanswered = plusSeconds(now, lapseSeconds);
  if (startsAt === null) return unanswered;
  const useful = durationSeconds - marginSeconds - tooLateSeconds - granularitySeconds;
  return earliest([unanswered, plusSeconds(startsAt, Math.max(0, useful))]) ?? unanswered;
}
