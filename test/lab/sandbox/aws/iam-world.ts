import http from "node:http";
import type { AddressInfo } from "node:net";
import type {
  Credential,
  IamRole,
  IamState,
  PolicyDocument,
} from "../../../../lab/sandbox/aws/iam/state.ts";
import { type AwsPortOptions, awsPort } from "../../../../lab/sandbox/aws/port.ts";
import { memoryStore, type Store } from "../../../../lab/sandbox/aws/store.ts";

/** A small account for tests: roles, each with a key of its own, and a port in front of services. */
export const ACCOUNT = "111122223333";
export const REGION = "us-west-2";

export function statement(
  action: string | string[],
  resource: string | string[] = "*",
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return { Effect: "Allow", Action: action, Resource: resource, ...more };
}

export function document(...statements: Record<string, unknown>[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

export function trust(
  principal: Record<string, unknown>,
  action: string | string[],
): PolicyDocument {
  return document({ Effect: "Allow", Principal: principal, Action: action });
}

export interface RoleOptions {
  readonly path?: string;
  readonly policy?: PolicyDocument;
  readonly trust?: PolicyDocument;
}

export function role(roleName: string, options: RoleOptions = {}): IamRole {
  const path = options.path ?? "/";
  return {
    kind: "role",
    arn: `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`,
    roleName,
    path,
    roleId: `AROA${roleName.toUpperCase().replaceAll("-", "").padEnd(17, "X")}`,
    createDate: "2026-11-01T00:00:00.000Z",
    assumeRolePolicyDocument:
      options.trust ?? trust({ Service: "lambda.amazonaws.com" }, "sts:AssumeRole"),
    policies: options.policy ? { inline: options.policy } : {},
    maxSessionDuration: 3600,
  };
}

/** A key that does not expire, with a session token. */
export function credential(of: IamRole, sessionName = "session"): Credential {
  return {
    accessKeyId: `ASIA${of.roleName.toUpperCase().replaceAll("-", "").padEnd(16, "Z")}`,
    secretAccessKey: `secret/${of.roleName}`,
    sessionToken: `token+of/${of.roleName}==`,
    roleArn: of.arn,
    roleId: of.roleId,
    sessionName,
  };
}

export function iamStore(...roles: IamRole[]): Store<IamState> {
  const credentials = roles.map((each) => credential(each));
  return memoryStore<IamState>({
    accountId: ACCOUNT,
    roles: Object.fromEntries(roles.map((each) => [each.arn, each])),
    credentials: Object.fromEntries(credentials.map((each) => [each.accessKeyId, each])),
  });
}

/** The configuration with which an SDK client calls `url` as the role. */
export function clientConfig(url: string, of: IamRole, region = REGION) {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(of);
  return {
    endpoint: url,
    region,
    credentials: { accessKeyId, secretAccessKey, sessionToken },
    maxAttempts: 1,
  };
}

export interface RunningPort {
  readonly url: string;
  readonly close: () => Promise<void>;
}

export async function listen(
  options: Omit<AwsPortOptions, "region"> & { readonly region?: string },
): Promise<RunningPort> {
  const server = http.createServer(awsPort({ region: REGION, ...options }));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}
