/** Several accounts behind one port. IAM's state has the roles of all; each account's IAM shows its own. */
import type { IamState } from "./iam/state.ts";
import { AwsError, type Call, type Caller, type Operation, type Service } from "./service.ts";
import type { Store } from "./store.ts";

/** The account of an ARN: twelve digits. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** The region of an ARN; empty for what is in none, such as a role. */
export const regionOf = (arn: string): string => arn.split(":")[3] ?? "";

/** IAM as a service in `account` asks it: with the roles of all accounts. */
export const asAccount = (store: Store<IamState>, account: string): Store<IamState> => ({
  get state() {
    return { ...store.state, accountId: account };
  },
  change: (mutate) => store.change(mutate),
});

/** IAM of one account, without the roles of others. */
export const ownRoles = (store: Store<IamState>, account: string): Store<IamState> => ({
  get state() {
    const own = Object.entries(store.state.roles).filter(([arn]) => accountOf(arn) === account);
    return { ...store.state, accountId: account, roles: Object.fromEntries(own) };
  },
  change: (mutate) => store.change(mutate),
});

/**
 * One service of several accounts. Each call goes to the caller's account.
 *
 * @param services the same service, by account
 */
export function byAccount(services: Readonly<Record<string, Service>>): Service {
  const [some] = Object.values(services);
  if (!some) throw new Error("A service needs an account.");
  const operationOf = (name: string, { accountId }: Caller): Operation => {
    const operation = services[accountId]?.operations[name];
    if (!operation)
      throw new AwsError("AccessDenied", 403, `The sandbox has no account ${accountId}.`);
    return operation;
  };
  const operations = Object.keys(some.operations).map((name): [string, Operation] => [
    name,
    {
      permissions: (input, caller) => operationOf(name, caller).permissions(input, caller),
      run: (call: Call) => operationOf(name, call.caller).run(call),
    },
  ]);
  return { ...some, operations: Object.fromEntries(operations) };
}
