/** Keys that a person of the sandbox calls the API with: of their own role, where they have one. */
import { AwsClient } from "aws4fetch";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { type ProfileKeys, profileKeys } from "./sandbox-process.ts";

/** A session lasts an hour, longer than any test, and is assumed once. */
const SESSIONS = new Map<string, Promise<ProfileKeys>>();

/** The keys that the person signs in with, or of a session of their own role. */
export async function callerKeys(sandbox: SandboxAddresses, person: string): Promise<ProfileKeys> {
  // Keys are read again, since a fresh sandbox has new ones.
  const signedIn = profileKeys(sandbox, person);
  const role = sandbox.people[person]?.["TIMELATCH_ROLE"];
  if (role === undefined) return signedIn;
  const known = SESSIONS.get(signedIn.accessKeyId);
  if (known) return known;
  const session = assumed(sandbox.awsUrl, signedIn, role);
  SESSIONS.set(signedIn.accessKeyId, session);
  // A caller that met no sandbox asks again.
  session.catch(() => SESSIONS.delete(signedIn.accessKeyId));
  return session;
}

/** Has them take a new session: the role of the old one is another one now. */
export function forgetCallerKeys(sandbox: SandboxAddresses, person: string): void {
  SESSIONS.delete(profileKeys(sandbox, person).accessKeyId);
}

async function assumed(awsUrl: string, keys: ProfileKeys, role: string): Promise<ProfileKeys> {
  const client = new AwsClient({ ...keys, service: "sts", region: "us-west-2", retries: 0 });
  const body = new URLSearchParams({
    ...{ Action: "AssumeRole", Version: "2011-06-15" },
    ...{ RoleArn: role, RoleSessionName: "timelatch" },
  }).toString();
  const response = await client.fetch(awsUrl, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body,
  });
  const text = await response.text();
  const value = (name: string) => {
    const [, found] = new RegExp(`<${name}>([^<]+)</${name}>`).exec(text) ?? [];
    if (found === undefined) throw new Error(`STS answered ${response.status}: ${text}`);
    return found;
  };
  return {
    accessKeyId: value("AccessKeyId"),
    secretAccessKey: value("SecretAccessKey"),
    sessionToken: value("SessionToken"),
  };
}
