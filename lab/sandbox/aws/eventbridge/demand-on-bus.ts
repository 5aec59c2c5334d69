/**
 * The demand to put events on a bus. In the bus's account IAM decides, and for other accounts the
 * bus's policy too.
 */
import { accessDenied } from "../authorize.ts";
import type { IamState } from "../iam/state.ts";
import { decideWithPolicy } from "../resource-policy.ts";
import type { Caller } from "../service.ts";
import type { EventBridgeState } from "./state.ts";

export interface BusDemand {
  readonly caller: Caller;
  readonly now: Date;
  /** The source of the event. */
  readonly source: string;
  readonly detailType: string;
}

/** @throws AwsError AccessDeniedException */
export async function demandOnBus(
  iam: IamState,
  { buses }: EventBridgeState,
  busArn: string,
  { caller, now, source, detailType }: BusDemand,
): Promise<void> {
  const policy = Object.values(buses).find(({ arn }) => arn === busArn)?.policy;
  const check = {
    action: "events:PutEvents",
    resource: busArn,
    context: { "events:source": source, "events:detail-type": detailType },
  };
  const decision = await decideWithPolicy(iam, {
    caller,
    now,
    check,
    ...(policy === undefined ? {} : { policy }),
  });
  if (decision !== "Allowed") throw accessDenied(caller, check, decision, "json");
}
