/** Makes the token that `aws eks get-token` prints, for machines without the AWS CLI. */
import { AwsV4Signer } from "aws4fetch";

/** The keys of a profile. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface TokenFor {
  /** The cluster's name. The signature covers it, so that no other cluster accepts the token. */
  readonly cluster: string;
  /** STS's URL: `http://127.0.0.1:4566`. */
  readonly stsUrl: string;
  readonly region: string;
}

/** The AWS CLI's value. EKS accepts the token for 15 minutes all the same. */
const EXPIRES_SECONDS = "60";

/**
 * A bearer token for an EKS cluster. It is `k8s-aws-v1.` and, in unpadded base64url, a presigned
 * `sts:GetCallerIdentity` that covers the header `x-k8s-aws-id`. Source:
 * kubernetes-sigs/aws-iam-authenticator, "API Authorization from Outside a Cluster".
 */
export async function mintToken(
  keys: Keys,
  { cluster, stsUrl, region }: TokenFor,
): Promise<string> {
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
    url: `${stsUrl}/?${query}`,
    headers: { "x-k8s-aws-id": cluster },
    service: "sts",
    region,
    signQuery: true,
  }).sign();
  return `k8s-aws-v1.${Buffer.from(url.href).toString("base64url")}`;
}
