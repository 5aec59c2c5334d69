/**
 * The state of roles that calls see, which can be an earlier one: IAM's changes take time to show.
 * Source: IAM User Guide, "Troubleshoot IAM", "Changes that I make are not always immediately
 * visible".
 */
import { LONGEST_MILLISECONDS } from "../fault-kinds.ts";
import { instantSeen, isFresh, past, type ReadLag, rememberedStore } from "../past.ts";
import type { Call } from "../service.ts";
import type { Store } from "../store.ts";
import type { IamRole, IamState } from "./state.ts";

export interface IamReads {
  /** The true state. Changes through this store are remembered. */
  readonly iam: Store<IamState>;
  /** A state with the role of that name as this call sees it, and no other. */
  state(call: Call, roleName: string): IamState;
}

/** Names ignore case. */
const keyOf = (roleName: string) => roleName.toLowerCase();

export function iamReads(store: Store<IamState>, lag: ReadLag): IamReads {
  const roles = past<IamRole>(LONGEST_MILLISECONDS);
  const remember = () => {
    const all = Object.values(store.state.roles);
    roles.note(lag.now(), new Map(all.map((role) => [keyOf(role.roleName), role])));
  };
  const iam = rememberedStore(store, remember);
  remember();
  return {
    iam,
    state(call, roleName) {
      if (isFresh(call, lag)) return store.state;
      // A deployment changes roles as well, past this store.
      remember();
      const role = roles.at(keyOf(roleName), instantSeen(call, lag));
      return { ...store.state, roles: role === undefined ? {} : { [role.arn]: role } };
    },
  };
}
