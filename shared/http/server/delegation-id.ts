import { isUuid } from "../../domain/requests/id-prefix.ts";
import { noDelegation } from "../../domain/values/errors.ts";

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
