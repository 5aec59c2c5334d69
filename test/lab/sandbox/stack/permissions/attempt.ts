import { ACCOUNT } from "../../../../../lab/sandbox/world/account.ts";
import { principalArnOf } from "../../../../sample-principals.ts";
import type { BrokerAccount, Clients } from "../broker-account.ts";

/** An attempt of a role, with clients that sign as the role. */
export type Attempt = (own: Clients, account: BrokerAccount) => Promise<unknown>;

/** Attempts by what they are called: "create an entry". */
export type Attempts = Readonly<Record<string, Attempt>>;

/** A name or an ARN that depends on the synthesized template. */
export type InAccount = (account: BrokerAccount) => string;

export const person = principalArnOf;
export const NODE = `arn:aws:iam::${ACCOUNT}:role/eks-node`;
export const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
