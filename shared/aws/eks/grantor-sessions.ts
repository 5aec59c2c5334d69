import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { type ClusterArn, grantorRoleArn } from "../../domain/values/arn.ts";
import { DEFAULT_DEPLOYMENT } from "../../domain/values/deployment.ts";
import { CallFailed, type CallSession } from "../../ports/access-entries.ts";
import { type AwsCaller, type AwsCallOptions, awsCaller } from "../calls/aws-call.ts";
import { ONE_ATTEMPT } from "../calls/client-settings.ts";

/** STS's minimum, in seconds. A chained session may last at most an hour. */
const SESSION_SECONDS = 900;
/** How long before its end a session is dropped, in milliseconds. Longer than any call. */
const MARGIN_MS = 60_000;

/** The clients of one role session. */
export interface GrantorClients {
  readonly eks: EKSClient;
  readonly iam: IAMClient;
}

/** The same with Scheduler of the cluster's account and region. */
export interface ArmingClients extends GrantorClients {
  /** Made when it is asked for: only fuses elsewhere need it. */
  readonly scheduler: () => SchedulerClient;
}

/** The role to assume in the cluster's account, and the session to name. */
export interface GrantorSession {
  readonly cluster: ClusterArn;
  readonly role: "policies" | "groups";
  readonly session: CallSession;
}

/** Lets `use` make its calls in a session. */
export type GrantorSessions<Clients = GrantorClients> = <Answer>(
  wanted: GrantorSession,
  use: (clients: Clients) => Promise<Answer>,
) => Promise<Answer>;

/** The deployment and account whose roles are assumed. */
export interface Assumed {
  /** The deployment's name, which its roles carry. */
  readonly deployment?: string;
  /**
   * The external id that roles of other accounts ask for. Roles of the broker's own account pass
   * over it.
   */
  readonly externalId?: string | undefined;
}

interface Held {
  readonly clients: ArmingClients;
  readonly until: number;
}

/** A session that is being assumed, or was. */
interface Kept {
  readonly session: Promise<Held>;
  /** When it is dropped; never while it is being assumed. */
  readonly until: number;
}

/**
 * AWS's answers, before doing anything, if a session was revoked or its role was recreated.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html
 */
const DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnrecognizedClient",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidClientTokenIdException",
  "ExpiredToken",
  "ExpiredTokenException",
]);

/**
 * Sessions of the grantor roles, by role and session name. CloudTrail shows the name as the caller,
 * so each grant's calls have their own session. A session is reused while it is valid, with its
 * clients; calls that come while it is assumed wait for it. All share their connections. A call denied
 * under a reused session is made once more under a new one.
 */
export function grantorSessions(
  sts: STSClient,
  options: AwsCallOptions,
  { deployment = DEFAULT_DEPLOYMENT, externalId }: Assumed = {},
): GrantorSessions<ArmingClients> {
  const call = awsCaller(options);
  const { now } = options.clock;
  const sessions = new Map<string, Kept>();
  const clients = regionalClients();
  return async (wanted, use) => {
    const roleArn = grantorRoleArn(wanted.cluster, wanted.role, deployment);
    const name = nameOf(roleArn, wanted);
    const present = Date.parse(now());
    for (const [key, { until }] of sessions) if (until <= present) sessions.delete(key);
    const forget = (session: Promise<Held>) => {
      if (sessions.get(name)?.session === session) sessions.delete(name);
    };
    const renewed = (): Promise<Held> => {
      const session = assume(sts, call, clients, { roleArn, externalId }, wanted);
      sessions.set(name, { session, until: Number.POSITIVE_INFINITY });
      session.then(
        ({ until }) => {
          if (sessions.get(name)?.session === session) sessions.set(name, { session, until });
        },
        () => forget(session),
      );
      return session;
    };
    const kept = sessions.get(name)?.session;
    if (!kept) return await use((await renewed()).clients);
    try {
      return await use((await kept).clients);
    } catch (error) {
      if (!(error instanceof CallFailed && DENIED.has(error.code))) throw error;
      forget(kept);
      const others = sessions.get(name)?.session;
      return await use((await (others ?? renewed())).clients);
    }
  };
}

type ClientsFor = (region: string, credentials: Credentials) => ArmingClients;

/** Makes the clients of sessions. Clients of a region share their connections. */
function regionalClients(): ClientsFor {
  const handlers = new Map<string, EKSClient["config"]["requestHandler"]>();
  return (region, credentials) => {
    const shared = handlers.get(region);
    const settings = { ...ONE_ATTEMPT, ...(shared ? { requestHandler: shared } : {}) };
    const eks = new EKSClient({ ...settings, region, credentials });
    handlers.set(region, eks.config.requestHandler);
    const iam = new IAMClient({ ...settings, region, credentials });
    return {
      eks,
      iam,
      scheduler: once(() => new SchedulerClient({ ...settings, region, credentials })),
    };
  };
}

function once<Client>(make: () => Client): () => Client {
  let made: Client | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function assume(
  sts: STSClient,
  call: AwsCaller,
  clientsFor: ClientsFor,
  { roleArn, externalId }: { readonly roleArn: string } & Pick<Assumed, "externalId">,
  { cluster, session }: GrantorSession,
): Promise<Held> {
  const { sessionName, sourceIdentity } = session;
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    ...(externalId === undefined ? {} : { ExternalId: externalId }),
    RoleSessionName: sessionName,
    SourceIdentity: sourceIdentity,
    DurationSeconds: SESSION_SECONDS,
  });
  const { output, record } = await call({
    operation: "AssumeRole",
    sessionName,
    isRead: true,
    send: (within) => sts.send(command, within),
    // Without a session nothing was called, so nothing was changed, however this call ended.
    reclassify: (failed) =>
      failed.failure === "unknown" ? { ...failed, failure: "busy" } : failed,
  });
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = output.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration)
    throw new CallFailed("busy", "NoCredentials", "AssumeRole answered without credentials.", {
      ...record,
      result: "NoCredentials",
    });
  const clients = clientsFor(cluster.region, {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
  return { clients, until: Expiration.getTime() - MARGIN_MS };
}

const nameOf = (
  roleArn: string,
  { cluster, session: { sessionName, sourceIdentity } }: GrantorSession,
) => [roleArn, cluster.region, sessionName, sourceIdentity].join(" ");

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
