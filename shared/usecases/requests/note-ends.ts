/**
 * Notes ends by people in a table where nobody can take them back. Others can put an old record back, or spoil a
 * record that a step depends on, so that the step cannot be stored. Converge ends grants whose end is noted.
 */
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { EndNote } from "../../ports/request-store.ts";
import type { ChangedRequest } from "./change-request.ts";
import { isOpen, type Links } from "./grant-chain.ts";
import { wakeConverge } from "./wake-converge.ts";

type Ports = Pick<FrontPorts, "requests" | "queue">;

/** An end that its actor may make. */
export interface Trial {
  readonly request: AccessRequest;
  /** The ids that its chain names, as far as it was followed. */
  readonly links: Links;
  readonly note: EndNote;
}

/**
 * The result of an end, which is noted for its whole chain. An end that conflicts each time is noted too, and
 * converge is woken: others may have taken the place of its event.
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
    // A request that was pending has nothing on an entry.
    if (tried && request.state === "ending") await noteChain(ports, tried);
    return request;
  } catch (error) {
    const tried = trial();
    // Any other failure passes: the table is busy, or a message acted before.
    if (!tried || !isConflict(error)) throw error;
    const isNoted = await noteChain(ports, tried);
    await wakeConverge(ports, tried.request, cause);
    throw isNoted ? notOnRecord(error) : error;
  }
}

/**
 * Notes all requests of a chain that may give access. A request that nobody can read counts among them.
 *
 * @returns whether all could be stored
 */
async function noteChain({ requests }: Ports, { request, links, note }: Trial): Promise<boolean> {
  const open = [...links].flatMap(([id, found]) => (found && !isOpen(found) ? [] : id));
  const stored = await Promise.allSettled(
    [request.id, ...open].map((id) => requests.noteEnd(id, note)),
  );
  return stored.every(({ status }) => status === "fulfilled");
}

const isConflict = (error: unknown): boolean =>
  error instanceof BrokerError && error.code === "version-conflict";

const notOnRecord = (cause: unknown) =>
  new BrokerError(
    "version-conflict",
    "Others wrote to this request each time. Nothing was stored in its record. Its end is noted, and converge takes away any access that it gives; try again in a minute, so that the record says so.",
    {},
    { cause },
  );
