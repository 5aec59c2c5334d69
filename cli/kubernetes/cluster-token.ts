/** The token with which kubectl signs in to an EKS cluster. */
import { AwsV4Signer } from "aws4fetch";
import type { SessionKeys } from "../aws/session-cache.ts";

/** The output of a credential plugin of kubectl. */
export interface ExecCredential {
  readonly kind: "ExecCredential";
  readonly apiVersion: "client.authentication.k8s.io/v1beta1";
  readonly spec: Readonly<Record<string, never>>;
  readonly status: { readonly expirationTimestamp: string; readonly token: string };
}

/** EKS accepts a token for 15 minutes. kubectl asks for a new one a minute before. */
const GOOD_FOR_MS = 14 * 60_000;

/** The AWS CLI's value; EKS only looks at the signature's date. */
const EXPIRES_SECONDS = "60";

/**
 * `k8s-aws-v1.` and, in unpadded base64url, a presigned `sts:GetCallerIdentity` that covers the header
 * `x-k8s-aws-id`. So no other cluster accepts it.
 * https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster
 *
 * @param cluster its name in EKS
 * @param now ISO 8601 UTC
 */
export async function clusterToken(
  keys: SessionKeys,
  {
    cluster,
    region,
    now,
  }: { readonly cluster: string; readonly region: string; readonly now: string },
): Promise<ExecCredential> {
  const query = new URLSearchParams({
    Action: "GetCallerIdentity",
    Version: "2011-06-15",
    "X-Amz-Expires": EXPIRES_SECONDS,
  });
  const { url } = await new AwsV4Signer({
    accessKeyId: keys.accessKeyId,
    secretAccessKey: keys.secretAccessKey,
    ...(keys.sessionToken === undefined ? {} : { sessionToken: keys.sessionToken }),
    method: "GET",
    url: `${await stsEndpoint(keys, region)}/?${query}`,
    headers: { "x-k8s-aws-id": cluster },
    service: "sts",
    region,
    datetime: now.replace(/[:-]|\.\d+/g, ""),
    signQuery: true,
  }).sign();
  return {
    kind: "ExecCredential",
    apiVersion: "client.authentication.k8s.io/v1beta1",
    spec: {},
    status: {
      expirationTimestamp: new Date(Date.parse(now) + GOOD_FOR_MS)
        .toISOString()
        .replace(/\.\d+Z$/, "Z"),
      token: `k8s-aws-v1.${Buffer.from(url.href).toString("base64url")}`,
    },
  };
}

/**
 * Where the SDK would call STS: in the region, or at the endpoint that the environment or the profile
 * names. The client knows it once a request is built, so one is built and not sent.
 */
async function stsEndpoint(credentials: SessionKeys, region: string): Promise<string> {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const sts = new STSClient({ region, credentials: { ...credentials } });
  let found = "";
  sts.middlewareStack.add(
    () => async (args: { request?: unknown }) => {
      const { protocol, hostname, port } = args.request as {
        readonly protocol: string;
        readonly hostname: string;
        readonly port?: number;
      };
      found = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      return { output: { $metadata: {} }, response: undefined };
    },
    { step: "finalizeRequest", priority: "high" },
  );
  await sts.send(new GetCallerIdentityCommand({}));
  sts.destroy();
  return found;
}
