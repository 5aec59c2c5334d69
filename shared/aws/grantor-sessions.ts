import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { type ClusterArn, grantorRoleArn } from "../domain/arn.ts";
import { CallFailed, type CallSession } from "../ports/access-entries.ts";
import type { AwsCaller } from "./aws-call.ts";
import { ONE_ATTEMPT } from "./client-settings.ts";

/** STS's minimum; one chained session lasts an hour at most. In seconds. */
const SESSION_SECONDS = 900;
/** A session is given up so long before its end that no call can outlast it. In milliseconds. */
const MARGIN_MS = 60_000;

/** The clients of one role session. */
export interface GrantorClients {
  readonly eks: EKSClient;
  readonly iam: IAMClient;
}

export type GrantorSessions = (
  cluster: ClusterArn,
  role: "policies" | "groups",
  session: CallSession,
) => Promise<GrantorClients>;

interface Held {
  readonly clients: GrantorClients;
  readonly until: number;
}

/**
 * Sessions of the grantor roles, by role and session name: the name is what CloudTrail shows as
 * the caller, so that a grant's calls are made under a session of its own. Each is kept while it
 * is valid, together with its clients; connections are shared by all.
 */
export function grantorSessions(
  sts: STSClient,
  call: AwsCaller,
  now: () => string,
): GrantorSessions {
  const sessions = new Map<string, Held>();
  const handlers = new Map<string, EKSClient["config"]["requestHandler"]>();

  const clientsFor = (region: string, credentials: Credentials): GrantorClients => {
    const shared = handlers.get(region);
    const settings = { ...ONE_ATTEMPT, ...(shared ? { requestHandler: shared } : {}) };
    const eks = new EKSClient({ ...settings, region, credentials });
    handlers.set(region, eks.config.requestHandler);
    const iam = new IAMClient({ ...settings, region, credentials });
    return { eks, iam };
  };

  return async (cluster, role, { sessionName, sourceIdentity }) => {
    const roleArn = grantorRoleArn(cluster, role);
    const name = [roleArn, cluster.region, sessionName, sourceIdentity].join(" ");
    const present = Date.parse(now());
    for (const [key, { until }] of sessions) if (until <= present) sessions.delete(key);
    const held = sessions.get(name);
    if (held) return held.clients;
    const { output } = await call({
      operation: "AssumeRole",
      sessionName,
      send: (options) =>
        sts.send(
          new AssumeRoleCommand({
            RoleArn: roleArn,
            RoleSessionName: sessionName,
            SourceIdentity: sourceIdentity,
            DurationSeconds: SESSION_SECONDS,
          }),
          options,
        ),
      // Without a session no call was made: whatever became of this one, nothing was changed.
      reclassify: (failed) =>
        failed.failure === "unknown" ? { ...failed, failure: "busy" } : failed,
    });
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = output.Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
      throw new CallFailed("busy", "NoCredentials", "AssumeRole answered without credentials.", {
        operation: "AssumeRole",
        requestId: output.$metadata.requestId ?? null,
        sessionName,
        at: now(),
        result: "NoCredentials",
      });
    const clients = clientsFor(cluster.region, {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    });
    sessions.set(name, { clients, until: Expiration.getTime() - MARGIN_MS });
    return clients;
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
