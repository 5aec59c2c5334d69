import { InvalidArgumentError } from "commander";
import { isIdPrefix, SHORTEST_PREFIX } from "../../shared/domain/requests/id-prefix.ts";

const ID_LENGTH = 36;

/** Reads a request's id or the beginning of one, for commander. @throws InvalidArgumentError */
export function parseRequestId(text: string): string {
  const id = text.toLowerCase();
  if (isIdPrefix(id)) return id;
  throw new InvalidArgumentError(
    `Write the id, or at least its first ${SHORTEST_PREFIX} characters, as timelatch list shows it.`,
  );
}

/** Whether it is a whole id, not only the beginning of one. */
export const isWholeId = (id: string): boolean => id.length === ID_LENGTH;
