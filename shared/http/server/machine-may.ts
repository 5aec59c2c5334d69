import type { Actor } from "../../domain/policy/actor.ts";
import { checkNotMachine } from "../../domain/policy/machines.ts";
import { MACHINES_MAY } from "../contract/machine-operations.ts";
import type { RouteOperation } from "../contract/routes.ts";

/** Refuses a machine what only people do. @throws BrokerError `machine-asks-only` */
export function checkMachineMay(
  { member }: Pick<Actor, "member">,
  operation: RouteOperation,
): void {
  if (!MACHINES_MAY[operation]) checkNotMachine(member);
}
