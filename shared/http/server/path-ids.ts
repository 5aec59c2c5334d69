import { isUuid } from "../../domain/requests/id-prefix.ts";
import { noDelegation, noRequest } from "../../domain/values/errors.ts";

/**
 * The request's id in the path. Ids are UUIDs; any other text is refused before it reaches the
 * table.
 *
 * @throws BrokerError `request-not-found`
 */
export function requestIdOf({
  pathParameters,
}: {
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
}): string {
  const id = pathParameters?.["id"] ?? "";
  if (isUuid(id)) return id;
  throw noRequest(id);
}

/**
 * The delegation's id in the path. Any text that is no id is refused before it reaches the table.
 *
 * @throws BrokerError `delegation-not-found`
 */
export function delegationIdOf({
  pathParameters,
}: {
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
}): string {
  const id = pathParameters?.["delegationId"] ?? "";
  if (isUuid(id)) return id;
  throw noDelegation(id);
}
