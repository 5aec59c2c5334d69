/** Sessions of the functions' roles, as Lambda hands them to execution environments. */
import { randomBytes } from "node:crypto";
import type { Credential, IamState } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import type { LeasedCredentials } from "../lambda/lambda-function.ts";
import type { FunctionResource } from "../template/stack.ts";

/** Lambda does not document it; an environment lives shorter. */
const SESSION_MS = 12 * 3_600_000;

/** A fresh session, named as the function. Throws where the function's role is not there. */
export function leaseSession(iam: Store<IamState>, fn: FunctionResource): LeasedCredentials {
  const role = iam.state.roles[fn.roleArn];
  if (!role)
    throw new Error(
      `${fn.name} was not started: its role ${fn.roleArn} was deleted. Restart the sandbox to have it again.`,
    );
  const now = Date.now();
  const credential = {
    accessKeyId: uniqueId("ASIA"),
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(192).toString("base64"),
    roleArn: role.arn,
    roleId: role.roleId,
    sessionName: fn.name,
    issuedAt: new Date(now).toISOString(),
    expiration: new Date(now + SESSION_MS).toISOString(),
  } satisfies Credential;
  iam.change((state) => {
    state.credentials[credential.accessKeyId] = credential;
  });
  return {
    ...credential,
    release: () =>
      iam.change((state) => {
        delete state.credentials[credential.accessKeyId];
      }),
  };
}

/** Ends the sessions of functions that a sandbox before this one left: no function of it lives. */
export function endSessions(iam: Store<IamState>, functions: readonly FunctionResource[]): void {
  iam.change((state) => {
    for (const [key, { roleArn, sessionName }] of Object.entries(state.credentials))
      if (functions.some((fn) => fn.roleArn === roleArn && fn.name === sessionName))
        delete state.credentials[key];
  });
}
