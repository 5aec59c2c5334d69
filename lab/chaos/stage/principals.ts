/** The principals of a run, by the names that plans use. */

import { personalRoleArn, principalArnOf } from "../../../test/sample-principals.ts";
import { ACCOUNT, SPOKE_ACCOUNT } from "../../sandbox/world/account.ts";

/** Roles that nobody is lent access for. */
const ROLES: readonly string[] = ["ci-deployer"];

/** In a run they have a personal role in the account of their cluster: `test/e2e/overseas-access.ts`. */
const OVERSEAS: readonly string[] = ["heidi"];

/** @param name a person of the sandbox, or a role */
export function principalOf(name: string): string {
  if (ROLES.includes(name)) return `arn:aws:iam::${ACCOUNT}:role/${name}`;
  return OVERSEAS.includes(name)
    ? personalRoleArn(name).replace(ACCOUNT, SPOKE_ACCOUNT)
    : principalArnOf(name);
}
