/** Writes the people's profiles for the AWS CLI and the SDKs. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Credential, IamState } from "../aws/iam/state.ts";
import { REGION } from "../world/account.ts";
import { ADMIN, PEOPLE, profileCredential } from "../world/people.ts";
import { SIGN_INS, signInCredential } from "../world/sign-ins.ts";
import { SPOKE_ADMIN, spokeAdminKey } from "../world/spoke-admin.ts";
import type { PersonVariables } from "./person-variables.ts";

/**
 * One for each sandbox. The AWS CLI keeps a session for an hour under a hash of the role, session name
 * and external id, and so would use that of an earlier sandbox, which this one does not know.
 */
const externalIdOf = (signIn: Credential | undefined): string =>
  `sandbox-${createHash("sha256")
    .update(signIn?.accessKeyId ?? "")
    .digest("hex")
    .slice(0, 16)}`;

export interface ProfileFiles {
  readonly awsConfigFile: string;
  readonly awsCredentialsFile: string;
}

/**
 * Writes `<dir>/aws/config` and `<dir>/aws/credentials`, readable only by their owner. The profile
 * `alice` is the one that alice signs in with; `alice-own` takes the role of her own.
 */
export function writeProfiles(
  dir: string,
  iam: IamState,
  people: PersonVariables,
  awsUrl: string,
): ProfileFiles {
  const folder = path.join(dir, "aws");
  const files = {
    awsConfigFile: path.join(folder, "config"),
    awsCredentialsFile: path.join(folder, "credentials"),
  };
  const names = new Set([...PEOPLE, ADMIN, SPOKE_ADMIN, ...SIGN_INS.map(({ profile }) => profile)]);
  const holders = [...names].flatMap((name) => {
    const credential =
      profileCredential(iam, name) ?? signInCredential(iam, name) ?? spokeAdminKey(iam, name);
    return credential ? [{ name, credential }] : [];
  });
  const section = (title: string, lines: Readonly<Record<string, string>>) =>
    [`[${title}]`, ...Object.entries(lines).map(([key, value]) => `${key} = ${value}`), ""].join(
      "\n",
    );
  const place = { region: REGION, output: "json", endpoint_url: awsUrl };
  const config = [
    ...holders.map(({ name }) => section(`profile ${name}`, place)),
    ...Object.entries(people).flatMap(([person, { TIMELATCH_ROLE: role }]) =>
      role === undefined
        ? []
        : section(`profile ${person}-own`, {
            ...place,
            role_arn: role,
            source_profile: person,
            role_session_name: person,
            external_id: externalIdOf(holders.find(({ name }) => name === person)?.credential),
          }),
    ),
  ];
  const credentials = holders.map(({ name, credential }) =>
    section(name, {
      aws_access_key_id: credential.accessKeyId,
      aws_secret_access_key: credential.secretAccessKey,
      aws_session_token: credential.sessionToken ?? "",
    }),
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(files.awsConfigFile, config.join("\n"), { mode: 0o600 });
  writeFileSync(files.awsCredentialsFile, credentials.join("\n"), { mode: 0o600 });
  return files;
}
