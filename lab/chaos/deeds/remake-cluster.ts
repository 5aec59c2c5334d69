/** A cluster is deleted around the broker, and another one of its name is made. */
import { setTimeout as pause } from "node:timers/promises";
import {
  CreateClusterCommand,
  DeleteClusterCommand,
  ResourceInUseException,
  ResourceNotFoundException,
} from "@aws-sdk/client-eks";
import { ACCOUNT } from "../../sandbox/world/account.ts";
import type { ActionOf } from "../plan/action.ts";
import { RECOVERY_SECONDS } from "../stage/disturbance.ts";
import type { Remade, Stage } from "../stage/stage.ts";
import { orDone } from "./or-done.ts";
import { withAdmin } from "./with-admin.ts";

/** The broker looks at a cluster every thirty seconds, and believes a second look. */
const NOTICED_SECONDS = 60;

export async function remakeCluster(
  stage: Stage,
  { name, seconds }: ActionOf<"remake-cluster">,
): Promise<string> {
  const from = Date.now();
  await withAdmin(stage, (eks) => eks.send(new DeleteClusterCommand({ name }))).catch(
    orDone(ResourceNotFoundException),
  );
  const remade: Remade = { cluster: name, at: from, until: Number.POSITIVE_INFINITY };
  stage.remade.push(remade);
  await pause(seconds * 1_000);
  remade.until = Date.now();
  await withAdmin(stage, (eks) =>
    eks.send(
      new CreateClusterCommand({
        name,
        roleArn: `arn:aws:iam::${ACCOUNT}:role/admin`,
        resourcesVpcConfig: { subnetIds: ["subnet-1", "subnet-2"] },
        accessConfig: {
          authenticationMode: "API",
          bootstrapClusterCreatorAdminPermissions: false,
        },
      }),
    ),
  ).catch(orDone(ResourceInUseException));
  stage.disturbances.push({
    from,
    to: Date.now(),
    holdsUpSeconds: NOTICED_SECONDS + RECOVERY_SECONDS,
    cluster: name,
    what: `${name} was deleted and made again`,
  });
  return "deleted, and made again";
}
