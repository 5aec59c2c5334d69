import type { Actor } from "../../domain/policy/actor.ts";
import { MOST_ASKED_GROUPS } from "../../domain/policy/asked-together.ts";
import { automaticLimitOf } from "../../domain/policy/automatic-limit.ts";
import { capacityFor } from "../../domain/policy/capacity.ts";
import type { Ask } from "../../domain/requests/ask.ts";
import { filingOf } from "../../domain/requests/filing.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type IdempotencyKey, IdempotencyTaken } from "../../ports/idempotency.ts";
import { PartsRefused } from "../../ports/together-store.ts";
import { lookAtTicketOf } from "../facts/read-tickets.ts";
import { checkSameBody, keyOf } from "./call-key.ts";
import { countCall } from "./count-call.ts";
import { newRequest } from "./create-request.ts";
import { withWhatToEndFirst } from "./entry-room.ts";
import type { NewRequest } from "./new-request.ts";
import { wakeConverge } from "./wake-converge.ts";

/**
 * Stores several requests of one person, or nothing. Each is judged as `createRequest` judges it, counts as a call, and
 * lives by itself from then on. None is break-glass: that is asked for by itself.
 *
 * @throws BrokerError `ask-refused` with each refused part and why in its facts, `idempotency-mismatch`, `rate-limited`,
 *   `invalid-request` where they wait for too many groups
 * @throws NonceUsed if the actor's signed message acted before
 */
export async function createAsk(
  ports: FrontPorts,
  actor: Actor,
  asks: readonly Ask[],
  idempotencyKey: string | undefined,
): Promise<readonly AccessRequest[]> {
  const key = keyOf(actor, { operation: "createAsk", body: asks, idempotencyKey });
  const earlier = key && (await answered(ports, key));
  if (earlier) return earlier;
  for (const _ of asks) await countCall(ports, actor, "createRequest");
  const made = await judged(ports, actor, asks);
  const requests = made.map(({ request }) => request);
  checkGroups(requests);
  try {
    await store(ports, actor, made, key);
  } catch (error) {
    const winner =
      error instanceof IdempotencyTaken && key ? await answered(ports, key) : undefined;
    if (!winner) throw error;
    return winner;
  }
  for (const request of requests)
    if (request.state === "approved") await wakeConverge(ports, request, "approved");
    else await lookAtTicketOf(ports, request);
  return requests;
}

async function answered(
  { requests }: FrontPorts,
  key: IdempotencyKey,
): Promise<readonly AccessRequest[] | undefined> {
  const record = await requests.idempotent(key.keyHash);
  checkSameBody(record, key);
  return record && [record.answer, ...(record.others ?? [])];
}

/** A part that is allowed, and the request that it becomes. */
interface Made extends NewRequest {
  readonly request: AccessRequest;
}

/** Why a part is refused. @see RefusedPart in the API's contract */
type Refused = readonly [place: number, error: BrokerError];

async function judged(
  ports: FrontPorts,
  actor: Actor,
  asks: readonly Ask[],
): Promise<readonly Made[]> {
  const ids = asks.map(() => ports.ids.newId());
  const made: Made[] = [];
  const refused: Refused[] = [];
  for (const [place, ask] of asks.entries())
    try {
      const id = ids[place] ?? "";
      const askedWith = ids.filter((other) => other !== id);
      const part = checked(await newRequest(ports, actor, ask, { id, askedWith }));
      checkNotAsked(part, made);
      made.push(part);
    } catch (error) {
      if (!(error instanceof BrokerError) || isFault(error)) throw error;
      refused.push([place, error]);
    }
  if (refused.length > 0) throw askRefused(refused, asks.length);
  return made;
}

/** Not what is asked for, but the broker itself. */
const isFault = ({ code }: BrokerError): boolean =>
  code === "dependency-unavailable" || code === "invariant-broken";

function checked(part: NewRequest): Made {
  const request = part.steps.at(-1)?.request;
  if (!request)
    throw new BrokerError(
      "invariant-broken",
      "A request was created without a step. Nothing was stored; report this as a bug.",
    );
  const { name, breakGlass } = part.rule;
  if (!breakGlass) return { ...part, request };
  throw new BrokerError(
    "policy-denied",
    `${name} is for break-glass, which is asked for by itself. Nothing was stored; ask for the others without it.`,
  );
}

function checkNotAsked({ request }: Made, before: readonly Made[]): void {
  const terms = filingOf(request).terms;
  if (before.every((each) => filingOf(each.request).terms !== terms)) return;
  throw new BrokerError(
    "duplicate-request",
    "Another part of this ask is for the same access. Nothing was stored; name it once.",
  );
}

function checkGroups(requests: readonly AccessRequest[]): void {
  const waiting = requests.filter(({ state }) => state === "pending");
  const groups = waiting.reduce((sum, request) => sum + filingOf(request).groups.length, 0);
  if (groups <= MOST_ASKED_GROUPS) return;
  throw new BrokerError(
    "invalid-request",
    `The parts of this ask wait for ${groups} groups of approvers, and one ask for ${MOST_ASKED_GROUPS} at most. Nothing was stored; ask for fewer at once.`,
    { groups, most: MOST_ASKED_GROUPS },
  );
}

async function store(
  ports: FrontPorts,
  actor: Actor,
  made: readonly Made[],
  idempotency: IdempotencyKey | undefined,
): Promise<void> {
  const { requests, settings } = ports;
  const parts = made.map(({ steps, rule, request }) => ({
    steps,
    automatic: automaticLimitOf(rule, request.requester, request.createdAt),
  }));
  const [first] = made;
  const options = {
    idempotency,
    capacity: first && capacityFor(first.request, settings),
    mostPending: settings.pendingRequestsPerPerson,
    nonce: actor.nonce,
  };
  try {
    await requests.createTogether(parts, options);
  } catch (error) {
    if (!(error instanceof PartsRefused)) throw error;
    const refused = error.refusals.map(async (refusal) => {
      const about = refusal.parts.flatMap((place) => made[place]?.request ?? []);
      const why = await withWhatToEndFirst(ports, about, refusal.error);
      return refusal.parts.map((place): Refused => [place, why]);
    });
    throw askRefused((await Promise.all(refused)).flat(), made.length, { cause: error });
  }
}

/** A part that is refused for several reasons says the first. */
function askRefused(refused: readonly Refused[], of: number, options?: ErrorOptions): BrokerError {
  const first = new Map([...refused].reverse());
  const parts = [...first]
    .toSorted(([a], [b]) => a - b)
    .map(([place, { code, message, facts }]) => ({
      ...facts,
      part: place + 1,
      problem: code,
      detail: message,
    }));
  const named = parts.map(({ part }) => part).join(" and ");
  const are = parts.length === 1 ? `Part ${named} of ${of} is` : `Parts ${named} of ${of} are`;
  return new BrokerError(
    "ask-refused",
    `${are} refused, and an ask is stored whole or not at all. Nothing was stored; correct what \`parts\` names, or leave it out, and ask again.`,
    { parts },
    options,
  );
}
