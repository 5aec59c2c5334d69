import { demandAssumeRole } from "../assume-role-decision.ts";
import { accessDenied } from "../authorize.ts";
import type { IamRole, IamState } from "../iam/state.ts";
import { AwsError, type Caller, type Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { answeredSession, handOut } from "./new-session.ts";
import { optional, required, validation } from "./parameters.ts";

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
      return answeredSession(role, handOut(iam, role, session, { now, seconds }));
    },
  };
}

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
