/** Credentials by account: a profile where somebody named one, and otherwise those of the command. */
import { type AwsIdentity, awsIdentity } from "../api/aws-identity.ts";
import { Failure } from "../failures/failure.ts";

/** The identity to work in an account with. */
export type IdentityOf = (account: string) => AwsIdentity;

/** @param given `<account>=<profile>` each @throws Failure `usage` for anything else */
export const accountProfiles = (given: readonly string[] = []): ReadonlyMap<string, string> =>
  new Map(given.map(profileOf));

function profileOf(given: string): readonly [string, string] {
  const [, account, profile] = /^(\d{12})=(.+)$/.exec(given) ?? [];
  if (account && profile) return [account, profile];
  throw new Failure("usage", "usage", {
    what: `--account ${given} is no <account>=<profile>.`,
    notDone: "Nothing was done.",
    next: ["Next: write twelve digits, = and a profile of your AWS configuration."],
  });
}

/** @param region where the command's own calls go */
export async function accountIdentities(
  region: string,
  env: Readonly<Record<string, string | undefined>>,
  profiles: ReadonlyMap<string, string>,
): Promise<IdentityOf> {
  const usual = await awsIdentity(region, env);
  const named = new Map<string, AwsIdentity>();
  for (const [account, profile] of profiles)
    named.set(account, await awsIdentity(region, env, profile));
  return (account) => named.get(account) ?? usual;
}
