/**
 * Notes ends by people in a table where nobody can take them back. Others can put an old record back, or spoil a
 * record that a step depends on, so that the step cannot be stored. Converge ends grants whose end is noted.
 */
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type EndNote, NonceUsed } from "../../ports/request-store.ts";
import type { ChangedRequest } from "./change-request.ts";
import { isOpen, type Links } from "./grant-chain.ts";
import { wakeConverge } from "./wake-converge.ts";

type Ports = Pick<FrontPorts, "requests" | "queue">;

/** An end that its actor may make. */
export interface Trial {
  readonly id: string;
  /** Undefined where its record cannot be read, and the actor may end any grant. */
  readonly request: AccessRequest | undefined;
  /** The ids that its chain names, as far as it was followed. */
  readonly links: Links;
  readonly note: EndNote;
}

/**
 * The result of an end, which is noted for its whole chain. An end that fails is noted too, and converge is woken:
 * others may have spoiled a record or taken the place of its event, or keep its items busy.
 *
 * @param trial undefined until it is known that the actor may make the end
 * @throws the failure of the end
 */
export async function noted(
  ports: Ports,
  cause: Cause,
  trial: () => Trial | undefined,
  end: Promise<ChangedRequest>,
): Promise<AccessRequest> {
  try {
    const { request } = await end;
    const tried = trial();
    // Also where its record said that it was pending: others may have forged that.
    if (tried) await noteChain(ports, tried);
    return request;
  } catch (error) {
    const tried = trial();
    if (!tried || !isMeant(error, tried)) throw error;
    const isNoted = await noteChain(ports, asMeant(error, tried));
    if (tried.request) await wakeConverge(ports, tried.request, cause);
    throw isNoted ? sayingSo(error) : error;
  }
}

/**
 * Whether the actor means the end although it failed. A message that acted before is only repeated. Another verb ends
 * a request that is open: its actor hears so, and may think again. A suspended person ends nothing of others.
 */
const isMeant = (error: unknown, { request }: Trial): boolean =>
  !(error instanceof NonceUsed) &&
  !hasCode(error, "suspended") &&
  !(hasCode(error, "illegal-transition") && request && isOpen(request));

/**
 * Notes all requests of a chain that may give access. A request that nobody can read counts among them.
 *
 * @returns whether all could be stored
 */
async function noteChain({ requests }: Ports, { id: own, links, note }: Trial): Promise<boolean> {
  const open = [...links].flatMap(([id, found]) => (found && !isOpen(found) ? [] : id));
  const stored = await Promise.allSettled([own, ...open].map((id) => requests.noteEnd(id, note)));
  return stored.every(({ status }) => status === "fulfilled");
}

const hasCode = (error: unknown, code: BrokerError["code"]): error is BrokerError =>
  error instanceof BrokerError && error.code === code;

/** A grant that is over by its record may be extended honestly. So its note means only that grant, as a cancellation does. */
const asMeant = (error: unknown, tried: Trial): Trial =>
  hasCode(error, "illegal-transition")
    ? { ...tried, note: { ...tried.note, verb: "cancel" } }
    : tried;

/** The failure of an end that is noted. All others leave open whether something was done. */
function sayingSo(error: unknown): unknown {
  if (hasCode(error, "version-conflict")) return notOnRecord(error);
  if (hasCode(error, "request-not-found")) return withoutRecord(error);
  return hasCode(error, "illegal-transition") ? overOnRecord(error) : error;
}

const notOnRecord = (cause: BrokerError) =>
  new BrokerError(
    "version-conflict",
    "Others wrote to this request each time. Nothing was stored in its record. Its end is noted, and converge takes away any access that it gives; try again in a minute, so that the record says so.",
    {},
    { cause },
  );

/** Others can forge a record that says so, while the access is there. */
const overOnRecord = (cause: BrokerError) =>
  new BrokerError(
    "illegal-transition",
    `By its record, the request is ${cause.facts["state"]}. Nothing was changed there. Your end is noted, and converge takes away any access that it still gives; read it again in a minute.`,
    cause.facts,
    { cause },
  );

/** Others can take a record away, or spoil it, while the access is there. */
const withoutRecord = (cause: BrokerError) =>
  new BrokerError(
    "request-not-found",
    "There is no request of that id, or its record cannot be read. Nothing was changed there. Your end of it is noted: a run of its entry takes away any access that it gives; look at the entry, or suspend the person.",
    cause.facts,
    { cause },
  );
