/** The administrator of the second account. */
import { randomBytes } from "node:crypto";
import type { Credential, IamState } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import { SPOKE_ACCOUNT } from "./account.ts";

/** The name of the profile. */
export const SPOKE_ADMIN = "spoke-admin";

const ROLE = "admin";
const ROLE_ARN = `arn:aws:iam::${SPOKE_ACCOUNT}:role/${ROLE}`;

/** Makes the role and its key, unless they are there. */
export function declareSpokeAdmin(iam: Store<IamState>, now: Date): void {
  if (spokeAdminKey(iam.state, SPOKE_ADMIN)) return;
  iam.change((state) => {
    const roleId = uniqueId("AROA");
    state.roles[ROLE_ARN] = {
      kind: "role",
      arn: ROLE_ARN,
      roleName: ROLE,
      path: "/",
      roleId,
      createDate: now.toISOString(),
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: statements({
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: `arn:aws:iam::${SPOKE_ACCOUNT}:root` },
      }),
      policies: { Everything: statements({ Effect: "Allow", Action: "*", Resource: "*" }) },
    };
    const accessKeyId = uniqueId("ASIA");
    state.credentials[accessKeyId] = {
      accessKeyId,
      roleArn: ROLE_ARN,
      roleId,
      sessionName: ROLE,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(96).toString("base64"),
    };
  });
}

const statements = (statement: Readonly<Record<string, unknown>>) => ({
  Version: "2012-10-17",
  Statement: [statement],
});

/** The key in the profile; undefined for any other profile, and if the role was deleted. */
export const spokeAdminKey = (iam: IamState, profile: string): Credential | undefined =>
  Object.values(iam.credentials).find(
    ({ roleArn, roleId, expiration }) =>
      profile === SPOKE_ADMIN &&
      expiration === undefined &&
      roleArn === ROLE_ARN &&
      iam.roles[ROLE_ARN]?.roleId === roleId,
  );
