/** The principals of a run, by the names that plans use. */
import { ACCOUNT } from "../../sandbox/world/account.ts";
import { principalArnOf } from "../../test/sample-principals.ts";

/** Roles that nobody is lent access for. */
const ROLES: readonly string[] = ["ci-deployer"];

/** @param name a person of the sandbox, or a role */
export const principalOf = (name: string): string =>
  ROLES.includes(name) ? `arn:aws:iam::${ACCOUNT}:role/${name}` : principalArnOf(name);
