/** Changes to access entries by others than the broker, with signed calls to EKS. */
import { setTimeout as pause } from "node:timers/promises";
import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-eks";
import { ACCOUNT } from "../../sandbox/world/account.ts";
import type { ActionOf } from "../plan/action.ts";
import { principalOf } from "../stage/principals.ts";
import type { Claim, Stage } from "../stage/stage.ts";
import { withAdmin } from "./with-admin.ts";

const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;

/** Makes the entry, unless it is there, and associates. @returns whether they made the entry */
async function associated(eks: EKSClient, action: ActionOf<"claim">): Promise<boolean> {
  const { cluster: clusterName, policy, namespaces } = action;
  const principalArn = principalOf(action.principal);
  const isEntryTheirs = await eks
    .send(new CreateAccessEntryCommand({ clusterName, principalArn }))
    .then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof ResourceInUseException)) throw error;
        return false;
      },
    );
  await eks.send(
    new AssociateAccessPolicyCommand({
      clusterName,
      principalArn,
      policyArn: policyArn(policy),
      accessScope: { type: "namespace", namespaces: [...namespaces] },
    }),
  );
  return isEntryTheirs;
}

const FIND_TRIES = 4;
const FIND_PAUSE_MS = 700;

/**
 * The broker may delete its entry in between. Once every part of EKS knows that, no entry is found.
 */
export async function untilFound<Result>(
  work: () => Promise<Result>,
  { tries, pauseMs } = { tries: FIND_TRIES, pauseMs: FIND_PAUSE_MS },
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (tries <= 1 || !(error instanceof ResourceNotFoundException)) throw error;
    await pause(pauseMs);
    return await untilFound(work, { tries: tries - 1, pauseMs });
  }
}

export function claim(stage: Stage, action: ActionOf<"claim">): Promise<string> {
  const { cluster, policy, namespaces } = action;
  const askedAt = Date.now();
  return withAdmin(stage, async (eks) => {
    const isEntryTheirs = await untilFound(() => associated(eks, action));
    const made: Claim = {
      claim: action.claim,
      cluster,
      principalArn: principalOf(action.principal),
      askedAt,
      madeAt: Date.now(),
      isEntryTheirs,
      elements: namespaces.map((namespace) => `${policy}:${namespace}`),
    };
    stage.claims.set(action.claim, made);
    return "associated";
  });
}

export async function release(stage: Stage, action: ActionOf<"release">): Promise<string> {
  const made = stage.claims.get(action.claim);
  const [element] = made?.elements ?? [];
  if (made === undefined || element === undefined) return "not done: nothing was associated";
  made.releasedAt = Date.now();
  const [policy = ""] = element.split(":");
  const { cluster: clusterName, principalArn } = made;
  return withAdmin(stage, async (eks) => {
    await eks.send(
      new DisassociateAccessPolicyCommand({
        clusterName,
        principalArn,
        policyArn: policyArn(policy),
      }),
    );
    if (!made.isEntryTheirs || !(await isBare(eks, { clusterName, principalArn })))
      return "disassociated";
    await eks.send(new DeleteAccessEntryCommand({ clusterName, principalArn }));
    return "disassociated, and the entry deleted";
  });
}

type Entry = { readonly clusterName: string; readonly principalArn: string };

/** Whether an entry lends nothing. So its owner may delete it, and the broker then makes one of its own. */
export async function isBare(eks: Pick<EKSClient, "send">, entry: Entry): Promise<boolean> {
  const { accessEntry } = await eks.send(new DescribeAccessEntryCommand(entry));
  const { associatedAccessPolicies } = await eks.send(
    new ListAssociatedAccessPoliciesCommand(entry),
  );
  return [accessEntry?.kubernetesGroups, associatedAccessPolicies].every(
    (left = []) => left.length === 0,
  );
}

export async function strip(stage: Stage, { life }: ActionOf<"strip">): Promise<string> {
  const request = stage.requests.get(life);
  if (!request || !("policy" in request.access)) return "not done: no policy was lent";
  const { cluster: clusterName, clusterArn, principalArn, access } = request;
  if (!clusterArn.includes(`:${ACCOUNT}:`)) return "not done: the cluster is in another account";
  stage.strips.push({ life, at: Date.now() });
  return withAdmin(stage, async (eks) => {
    await eks.send(
      new DisassociateAccessPolicyCommand({
        clusterName,
        principalArn,
        policyArn: policyArn(access.policy),
      }),
    );
    return "disassociated";
  });
}
