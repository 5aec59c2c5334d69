import { Failure } from "../failures/failure.ts";
import { checkProfile } from "./aws-profile.ts";

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** The credentials that sign a request. */
export interface AwsIdentity {
  /** Fresh ones when the old have expired. @throws Failure `refused` */
  credentials(): Promise<Credentials>;
  /** Forgets a kept session, so that `credentials` makes another. @returns whether one was kept */
  forget?(): Promise<boolean>;
  readonly region: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The ordinary AWS credential chain: environment, `AWS_PROFILE`, SSO, process, container, instance.
 * https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 *
 * @param known the region, where the API's host names it
 * @param profile a profile of AWS in place of the chain's own choice
 */
export async function awsIdentity(
  known: string | undefined,
  env: Environment,
  profile?: string,
): Promise<AwsIdentity> {
  // Loaded here, since commands that need no credentials should not wait for it.
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const chain = fromNodeProviderChain(profile === undefined ? {} : { profile });
  return {
    region: known ?? (await configuredRegion(env)),
    credentials: async () => {
      try {
        return await chain();
      } catch (error) {
        await checkProfile(env);
        throw noCredentials(error, env);
      }
    },
  };
}

function noCredentials(error: unknown, env: Environment): Failure {
  const why = (error instanceof Error ? error.message : String(error)).replace(/\.?\s*$/, ".");
  const profile = env["AWS_PROFILE"];
  return new Failure(
    "refused",
    "no-credentials",
    {
      what: `No valid AWS credentials${profile ? ` for AWS_PROFILE=${profile}` : ""}: ${why}`,
      notDone: "Nothing was sent.",
      next: [
        env["AWS_WEB_IDENTITY_TOKEN_FILE"]
          ? "Next: compare the token with the trust policy of AWS_ROLE_ARN: timelatch docs agents"
          : "Next: set AWS_PROFILE to a profile that you can use, or sign in again (aws sso login).",
        "Check:  aws sts get-caller-identity",
      ],
    },
    { cause: error },
  );
}

async function configuredRegion(env: Environment): Promise<string> {
  const named = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"];
  if (named) return named;
  await checkProfile(env);
  const { STSClient } = await import("@aws-sdk/client-sts");
  try {
    return await new STSClient().config.region();
  } catch (error) {
    throw new Failure(
      "usage",
      "no-region",
      {
        what: "No AWS region is set, and the API's host does not name one.",
        notDone: "Nothing was sent.",
        next: ["Next: set AWS_REGION to the API's region, or `region` in your AWS profile."],
      },
      { cause: error },
    );
  }
}
