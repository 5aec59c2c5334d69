/** Notes ends that cannot be stored, or not wholly: others can spoil what a step depends on. Converge ends what is noted. */
import type { AccessRequest } from "../../domain/requests/request.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { Cause } from "../../ports/converge-queue.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { type EndNote, NonceUsed } from "../../ports/request-store.ts";
import { isOpen, type Links } from "./grant-chain.ts";
import { wakeConverge } from "./wake-converge.ts";

type Ports = Pick<FrontPorts, "requests" | "queue">;

/** An end that its actor may make. */
export interface Trial {
  readonly request: AccessRequest;
  /** What its chain names, as far as it was followed. */
  readonly links: Links;
  readonly note: EndNote;
}

/**
 * The result of an end. Where it fails although its actor may make it, the whole chain is noted, and converge is woken.
 *
 * @param trial undefined until it is known that the actor may make the end
 * @throws what the end throws
 */
export async function orNoted<Result>(
  ports: Ports,
  cause: Cause,
  trial: () => Trial | undefined,
  end: Promise<Result>,
): Promise<Result> {
  try {
    return await end;
  } catch (error) {
    const tried = trial();
    // A message that acted before ends nothing again.
    if (tried && !(error instanceof NonceUsed)) {
      const open = [...tried.links].flatMap(([id, found]) => (found && !isOpen(found) ? [] : id));
      const isNoted = await noteAll(ports, [tried.request.id, ...open], tried.note);
      await wakeConverge(ports, tried.request, cause);
      if (isNoted && isConflict(error)) throw notOnRecord(error);
    }
    throw error;
  }
}

/** Notes what the chain of an end names and nobody can read: its grant may have begun. */
export async function noteMissing(ports: Ports, { links, note }: Trial): Promise<void> {
  const missing = [...links].flatMap(([id, found]) => (found ? [] : id));
  await noteAll(ports, missing, note);
}

/** @returns whether all could be stored */
async function noteAll(
  { requests }: Ports,
  ids: readonly string[],
  note: EndNote,
): Promise<boolean> {
  const noted = await Promise.allSettled(ids.map((id) => requests.noteEnd(id, note)));
  return noted.every(({ status }) => status === "fulfilled");
}

const isConflict = (error: unknown): boolean =>
  error instanceof BrokerError && error.code === "version-conflict";

const notOnRecord = (cause: unknown) =>
  new BrokerError(
    "version-conflict",
    "Others wrote to this request each time. Nothing was stored of its end, and its access is removed all the same; try again in a minute, so that the record says so.",
    {},
    { cause },
  );
