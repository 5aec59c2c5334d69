import type { CloudFormationContext } from "./context.ts";
import { newStackId } from "./stack-names.ts";
import type { StackState } from "./state.ts";

/** A stack before anything of it is made. The caller gives it a status. */
export const newStack = (
  where: Pick<CloudFormationContext, "cloudFormation" | "account" | "region">,
  name: string,
  createdAt: string,
): StackState => ({
  id: newStackId(where, name),
  name,
  account: where.account,
  status: "",
  createdAt,
  isProtected: false,
  outputs: [],
  resources: [],
  events: [],
  changeSets: [],
});
