import type { Actor } from "../../domain/policy/actor.ts";
import { checkNotMachine } from "../../domain/policy/machines.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { MACHINES_MAY } from "../contract/machine-operations.ts";
import { ROUTES, type RouteOperation } from "../contract/routes.ts";

/** API Gateway's account of a call's route. Unknown paths have the key `$default`. */
interface RoutedCall {
  readonly routeKey: string;
  readonly rawPath: string;
}

/**
 * The operation that a call asks for.
 *
 * @throws BrokerError `method-not-allowed`, with the methods that a known path takes;
 *   `route-not-found`
 */
export function operationOf({ routeKey, rawPath }: RoutedCall): RouteOperation {
  const route = ROUTES.find(({ method, path }) => routeKey === `${method} ${path}`);
  if (route) return route.operation;
  const allow = ROUTES.filter(({ path }) => patternOf(path).test(rawPath)).map(
    ({ method }) => method,
  );
  if (allow.length > 0)
    throw new BrokerError(
      "method-not-allowed",
      `This path only takes ${allow.join(", ")}. Nothing was done; call it with that method.`,
      { allow },
    );
  throw new BrokerError(
    "route-not-found",
    "There is no such path. Nothing was done; see GET /v1/openapi.json for the existing ones.",
  );
}

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);

/** Refuses a machine what only people do. @throws BrokerError `machine-asks-only` */
export function checkMachineMay(
  { member }: Pick<Actor, "member">,
  operation: RouteOperation,
): void {
  if (!MACHINES_MAY[operation]) checkNotMachine(member);
}
