/** Scratch roles that only whoever runs the smoke test can take, and their sessions. */
import type { SmokeClients } from "../aws/smoke-clients.ts";
import { redactable } from "./report/redactable.ts";
import { clientsAt } from "./scratch.ts";
import type { Stage } from "./stage.ts";
import { PREFIX } from "./thing.ts";

/**
 * A trust policy for whoever has this unique id, in any session.
 *
 * @param handsOn whether they may set a source identity, and hand on what their own session has
 */
export function trustsOnly(
  partition: string,
  account: string,
  userId: string,
  handsOn = false,
): string {
  const [id = ""] = userId.split(":");
  const actions = ["sts:SetSourceIdentity", "sts:TagSession"];
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: handsOn ? ["sts:AssumeRole", ...actions] : "sts:AssumeRole",
        Condition: { StringLike: { "aws:userid": [id, `${id}:*`] } },
      },
    ],
  });
}

/** Clients of the role's session. IAM may not know a new role at once. */
export async function sessionOf(stage: Stage, RoleArn: string): Promise<SmokeClients | undefined> {
  const sts = await clientsAt(stage, stage.deployed).sts();
  const answer = await stage.until(
    redactable`STS to know the new role`,
    stage.pace.roleSeconds,
    () =>
      unlessDenied(() =>
        sts.assumeRole({ RoleArn, RoleSessionName: PREFIX, DurationSeconds: 900 }),
      ),
  );
  return answer?.Credentials && stage.clientsWith(answer.Credentials);
}

export const isDenied = (error: unknown): boolean =>
  error instanceof Error && error.name.startsWith("AccessDenied");

/** Undefined where AWS denies the call, as it does while it does not know a new policy. */
export async function unlessDenied<Answer>(
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isDenied(error)) return undefined;
    throw error;
  }
}
