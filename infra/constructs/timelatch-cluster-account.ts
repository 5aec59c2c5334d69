import path from "node:path";
import { Annotations, type App, type Stack } from "aws-cdk-lib";
import { checkPolicy } from "../synth/add-timelatch.ts";
import { addClusterAccounts } from "../synth/cluster-accounts.ts";
import { addForwardStacks } from "../synth/forward-stacks.ts";
import { addPeopleStacks } from "../synth/people.ts";
import { orderStacks } from "../synth/stack-order.ts";
import { checkTemplates } from "../synth/template-checks.ts";

export interface TimelatchClusterAccountProps {
  /** The policy's file, such as `access.yaml`, from the working directory: the same as the broker's. */
  readonly access: string;
  /** The account that the stacks are for, twelve digits. It has clusters of the policy, and not the broker. */
  readonly account: string;
  /** The account and region of the broker. */
  readonly broker: { readonly account: string; readonly region: string };
  /** ARNs of SNS topics of the account, which the alarm on its fuses notifies, each in its own region. */
  readonly alarmTopics?: readonly string[];
}

/**
 * The stacks of one other account with clusters: its grantor roles, the rules that forward its
 * events, and people's roles there. They are for teams that deploy each account with an app of its
 * own. For teams that deploy each account with an app of its own. They are what {@link Timelatch}
 * makes for that account, resource by resource. `before` is deployed before the broker, and `after`
 * once the broker is there. They are deleted the other way round.
 */
export class TimelatchClusterAccount {
  /** The account's own stacks, which the broker needs. */
  readonly before: readonly Stack[];
  /** People's, and those that forward events to the broker's bus. */
  readonly after: readonly Stack[];

  /** @throws Error with a line for each fault of the policy, or where the policy makes nothing in that account */
  constructor(
    app: App,
    { access: file, account, broker, alarmTopics = [] }: TimelatchClusterAccountProps,
  ) {
    const { access, topology, record, keepRecord } = checkPolicy(
      path.resolve(file),
      { env: broker },
      (warning) => Annotations.of(app).addWarningV2(`timelatch:policy-${warning}`, warning),
    );
    const spokes = topology.spokes.filter((spoke) => spoke.account === account);
    if (spokes.length === 0) throw noSpoke(account, topology.spokes);
    const ownTopology = { ...topology, spokes, remoteRegions: [] };
    const stacks = {
      TimelatchAccount: addClusterAccounts(app, access, ownTopology, alarmTopics),
      TimelatchPeople: addPeopleStacks(app, access, record, broker, account),
      TimelatchForward: addForwardStacks(app, access, ownTopology),
    };
    orderStacks(stacks);
    this.before = stacks.TimelatchAccount;
    this.after = [...stacks.TimelatchPeople, ...stacks.TimelatchForward];
    checkTemplates(app, [...this.before, ...this.after]);
    keepRecord();
  }
}

function noSpoke(account: string, spokes: readonly { readonly account: string }[]): Error {
  const known = spokes.map((spoke) => spoke.account).join(" and ");
  const others = known === "" ? "there is none" : `${known} ${spokes.length === 1 ? "is" : "are"}`;
  return new Error(
    `Account ${account} is no other account with clusters of the policy: ${others}. Nothing was synthesized. Name one with clusters, which is not the broker's.`,
  );
}
