import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { type ClusterArn, type ReaderKind, readerRoleArn } from "../../domain/values/arn.ts";
import { externalIdOf } from "../../domain/values/deployment.ts";

/** The credentials that a client of the SDK signs with. It asks again before `expiration`. */
interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** Undefined for clusters of the broker's own account, which are read under the function's own role. */
export type RemoteCredentials = (
  cluster: Pick<ClusterArn, "partition" | "account">,
) => (() => Promise<TemporaryCredentials>) | undefined;

interface Reader {
  readonly kind: ReaderKind;
  readonly deployment: string;
  readonly brokerAccount: string;
}

/** A session of the role that reads in a cluster's account, where that is not the broker's. */
export const remoteCredentials =
  (sts: STSClient, { kind, deployment, brokerAccount }: Reader): RemoteCredentials =>
  (cluster) =>
    cluster.account === brokerAccount
      ? undefined
      : async () => {
          const { Credentials: session } = await sts.send(
            new AssumeRoleCommand({
              RoleArn: readerRoleArn(cluster, kind, deployment),
              RoleSessionName: `timelatch-${kind}`,
              ExternalId: externalIdOf(deployment, brokerAccount),
            }),
          );
          const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = session ?? {};
          if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
            throw new Error("AssumeRole answered without credentials. Nothing was read.");
          return {
            accessKeyId: AccessKeyId,
            secretAccessKey: SecretAccessKey,
            sessionToken: SessionToken,
            expiration: Expiration,
          };
        };
