import { randomBytes } from "node:crypto";
import { accountOf } from "../accounts.ts";
import { demandAssumeRole } from "../assume-role-decision.ts";
import { accessDenied } from "../authorize.ts";
import type { Credential, IamRole, IamState } from "../iam/state.ts";
import { sessionArn } from "../identities.ts";
import { AwsError, type Caller, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { uniqueId } from "../unique-id.ts";

const MEMBERS = [
  ...["RoleArn", "RoleSessionName", "DurationSeconds", "SourceIdentity", "ExternalId"],
  "Tags",
];
/**
 * Every caller in the sandbox is a role's session, functions and people alike. So every AssumeRole
 * chains roles, and lasts an hour at most, whatever the role's MaxSessionDuration.
 */
const CHAINED_SECONDS = 3600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export function assumeRole(iam: Store<IamState>): Operation {
  return {
    // The trust policy of the role takes part in the decision, so `run` asks.
    permissions: () => [],
    run: async ({ input, caller, now }) => {
      const asked = parse(input);
      const role = iam.state.roles[asked.roleArn];
      // AWS answers alike for a role that does not exist and one that may not be assumed.
      if (!role) throw roleIsMissing(caller, asked.roleArn);
      const { sessionName, externalId, tags } = asked;
      const sourceIdentity = carried(caller, asked, role);
      const { transitiveTags } = caller;
      const session = {
        sessionName,
        ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
        ...(transitiveTags === undefined ? {} : { transitiveTags }),
      };
      await demandAssumeRole(
        iam.state,
        {
          role,
          sessionName,
          ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
          ...(externalId === undefined ? {} : { externalId }),
          ...(tags === undefined ? {} : { tags }),
        },
        { caller, now },
      );
      if (tags !== undefined)
        throw validation(
          "sts:AssumeRole with Tags that IAM permits is not emulated by the sandbox.",
        );
      const seconds = duration(asked.durationSeconds);
      // Whole seconds, as in the answer.
      const expiration = new Date(Math.floor(now.getTime() / 1000 + seconds) * 1000).toISOString();
      const credential = newCredential(role, session, { now, expiration });
      iam.change((state) => {
        forgetExpired(state, now);
        state.credentials[credential.accessKeyId] = credential;
      });
      return answer(role, credential);
    },
  };
}

/** The session's name, and what it has of the caller's. */
type Session = Pick<SessionCredential, "sessionName" | "sourceIdentity" | "transitiveTags">;

type SessionCredential = Credential & {
  readonly sessionToken: string;
  readonly expiration: string;
};

const newCredential = (
  { arn: roleArn, roleId }: IamRole,
  session: Session,
  { now, expiration }: { readonly now: Date; readonly expiration: string },
): SessionCredential => ({
  accessKeyId: uniqueId("ASIA"),
  secretAccessKey: randomBytes(30).toString("base64"),
  sessionToken: randomBytes(192).toString("base64"),
  roleArn,
  roleId,
  ...session,
  issuedAt: now.toISOString(),
  expiration,
});

/** The members of AssumeRole's answer. */
const answer = ({ arn, roleId, roleName }: IamRole, credential: SessionCredential) => ({
  AssumedRoleUser: {
    AssumedRoleId: `${roleId}:${credential.sessionName}`,
    Arn: sessionArn(accountOf(arn), roleName, credential.sessionName),
  },
  Credentials: {
    AccessKeyId: credential.accessKeyId,
    SecretAccessKey: credential.secretAccessKey,
    SessionToken: credential.sessionToken,
    Expiration: credential.expiration.replace(/\.\d+Z$/, "Z"),
  },
  SourceIdentity: credential.sourceIdentity,
});

interface Asked {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds?: number;
  readonly sourceIdentity?: string;
  readonly externalId?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function parse(input: Record<string, unknown>): Asked {
  const others = Object.keys(input).filter((name) => !MEMBERS.includes(name));
  if (others.length > 0)
    throw validation(`sts:AssumeRole with ${others.join(", ")} is not emulated by the sandbox.`);
  const sourceIdentity = optional(input, "SourceIdentity", /^[\w+=,.@-]{2,64}$/);
  if (sourceIdentity?.toLowerCase().startsWith("aws:"))
    throw validation("Value for sourceIdentity must not begin with the prefix aws:.");
  const seconds = optional(input, "DurationSeconds", /^\d{1,6}$/);
  const externalId = optional(input, "ExternalId", /^[\w+=,.@:/-]{2,1224}$/);
  return {
    roleArn: required(input, "RoleArn", /^arn:aws:iam::\d{12}:role\/[\x21-\x7e]{1,576}$/),
    sessionName: required(input, "RoleSessionName", /^[\w+=,.@-]{2,64}$/),
    ...(seconds === undefined ? {} : { durationSeconds: Number(seconds) }),
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(Array.isArray(input["Tags"]) ? { tags: tagsIn(input["Tags"]) } : {}),
  };
}

const tagsIn = (tags: readonly unknown[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (tags as readonly { readonly Key?: unknown; readonly Value?: unknown }[]).map(
      ({ Key, Value }) => [String(Key), String(Value)],
    ),
  );

/** Once set, a source identity goes with every session that is assumed from there, and cannot change. */
function carried(caller: Caller, asked: Asked, role: IamRole): string | undefined {
  if (
    caller.sourceIdentity !== undefined &&
    asked.sourceIdentity !== undefined &&
    caller.sourceIdentity !== asked.sourceIdentity
  )
    throw new AwsError(
      "AccessDenied",
      403,
      `User: ${caller.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${role.arn}: the session's source identity is set already and cannot be changed.`,
    );
  return caller.sourceIdentity ?? asked.sourceIdentity;
}

function duration(asked: number | undefined): number {
  const seconds = asked ?? 3600;
  if (seconds < 900)
    throw validation(
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900`,
    );
  if (seconds > CHAINED_SECONDS)
    throw validation(
      "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
    );
  return seconds;
}

/** A key is kept an hour beyond its end, so that late use is answered with ExpiredToken. */
function forgetExpired(state: IamState, now: Date): void {
  for (const [accessKeyId, { expiration }] of Object.entries(state.credentials))
    if (expiration !== undefined && Date.parse(expiration) < now.getTime() - 3_600_000)
      delete state.credentials[accessKeyId];
}

function roleIsMissing(caller: Caller, roleArn: string): AwsError {
  const { code, status } = accessDenied(
    caller,
    { action: "sts:AssumeRole", resource: roleArn },
    "ImplicitlyDenied",
    "query",
  );
  return new AwsError(
    code,
    status,
    `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
  );
}

function required(input: Record<string, unknown>, member: string, pattern: RegExp): string {
  const value = optional(input, member, pattern);
  if (value === undefined)
    throw validation(
      `1 validation error detected: Value null at '${wireName(member)}' failed to satisfy constraint: Member must not be null`,
    );
  return value;
}

function optional(
  input: Record<string, unknown>,
  member: string,
  pattern: RegExp,
): string | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || !pattern.test(value))
    throw validation(
      `1 validation error detected: Value '${String(value)}' at '${wireName(member)}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
    );
  return value;
}

function wireName(member: string): string {
  return member.charAt(0).toLowerCase() + member.slice(1);
}

function validation(message: string): AwsError {
  return new AwsError("ValidationError", 400, message);
}
