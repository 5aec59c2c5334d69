import { isUuid } from "../../domain/requests/id-prefix.ts";
import { noRequest } from "../../domain/values/errors.ts";

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
