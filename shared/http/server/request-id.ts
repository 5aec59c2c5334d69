import { noRequest } from "../../domain/values/errors.ts";

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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
  if (UUID.test(id)) return id;
  throw noRequest(id);
}
