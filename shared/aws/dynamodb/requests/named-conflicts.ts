/** The conflicts of a transaction with steps of several requests, by request: so the others can be stored without those. */
import { BrokerError } from "../../../domain/values/errors.ts";
import { conflictsAt, conflictsOf } from "../../../ports/request-store.ts";
import type { Write } from "../transact.ts";
import type { Change } from "./head-write.ts";
import { conflictOf } from "./request-writes.ts";

/** The writes of one of several changes: their conflict names its request. */
export const namingConflict = (
  { request: { id } }: Pick<Change, "request">,
  writes: readonly Write[],
): readonly Write[] =>
  writes.map((write) => {
    const { refused } = write;
    if (!refused) return write;
    return { ...write, refused: (reason, cause) => naming(refused(reason, cause), [id]) };
  });

/** The first refusal. Where it is a conflict, it names the requests of all conflicts. */
export const allConflicts = (refusals: readonly [Error, ...Error[]]): Error =>
  naming(
    refusals[0],
    refusals.flatMap((error) => (error instanceof BrokerError ? conflictsOf(error) : [])),
  );

const naming = (error: Error, ids: readonly string[]): Error =>
  error instanceof BrokerError && error.code === "version-conflict"
    ? conflictOf(conflictsAt(ids), error.cause)
    : error;
