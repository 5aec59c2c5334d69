import type { IamState } from "../iam/state.ts";
import type { Service } from "../service.ts";
import type { Store } from "../store.ts";
import { assumeRole } from "./assume-role.ts";
import { getCallerIdentity } from "./get-caller-identity.ts";

/** AWS Security Token Service: who am I, and sessions of roles. */
export function stsService(iam: Store<IamState>): Service {
  return {
    name: "sts",
    protocol: { kind: "query", xmlns: "https://sts.amazonaws.com/doc/2011-06-15/" },
    operations: { AssumeRole: assumeRole(iam), GetCallerIdentity: getCallerIdentity() },
  };
}
