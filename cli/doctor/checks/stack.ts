import { goOn, isStuck } from "../../deployment/demand-unstuck.ts";
import { type Check, ill, well } from "../check-result.ts";
import { stackName } from "../expected-names.ts";

/** A finished state: `CREATE_COMPLETE`, `UPDATE_COMPLETE`, `IMPORT_COMPLETE`. */
const WELL = /^(?:CREATE|UPDATE|IMPORT)_COMPLETE$/;

/** The broker's stack is deployed, at rest, and cannot be deleted by accident. */
export const stack: Check = {
  name: "stack",
  needs: ["cloudformation:DescribeStacks"],
  async look({ broker, deployment, region }) {
    const name = stackName(deployment);
    const found = await broker.stack(name, region);
    if (!found) return [ill("it is not deployed", "timelatch deploy", name)];
    const isWell = WELL.test(found.status);
    return [
      isWell
        ? well(found.status, name)
        : ill(found.status, nextOf(found.status, { name, region }), name),
      found.isProtected
        ? well("protected from deletion", name)
        : ill(
            "not protected from deletion, which would turn live grants into standing access",
            `aws cloudformation update-termination-protection --enable-termination-protection --stack-name ${name}`,
            name,
          ),
    ];
  },
};

const nextOf = (status: string, stack: Parameters<typeof goOn>[0]): string =>
  isStuck(status)
    ? `repair what the stack's events in CloudFormation name, then ${goOn(stack)}, and deploy again`
    : "read the stack's events in CloudFormation, and deploy again";
