import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { Failure } from "../failures/failure.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Explains why a call cannot be signed, if its profile does not exist. Such a profile has neither
 * region nor credentials.
 *
 * @throws Failure `refused` that lists the profiles
 */
export async function checkProfile(env: Environment): Promise<void> {
  const profile = env["AWS_PROFILE"];
  if (!profile) return;
  const known = await profilesOf(env);
  if (known.includes(profile)) return;
  throw new Failure("refused", "no-such-profile", {
    what: `AWS_PROFILE is ${profile}, and no AWS profile has that name.`,
    notDone: "Nothing was sent.",
    findings: known.length > 0 ? [`Profiles: ${known.join(", ")}`] : [],
    next: ["Next: set AWS_PROFILE to one of your profiles (aws configure list-profiles)."],
  });
}

/**
 * The names of the profiles in the two shared files.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
async function profilesOf(env: Environment): Promise<readonly string[]> {
  const home = path.join(env["HOME"] || homedir(), ".aws");
  const files = [
    env["AWS_CONFIG_FILE"] || path.join(home, "config"),
    env["AWS_SHARED_CREDENTIALS_FILE"] || path.join(home, "credentials"),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
  const names = texts.flatMap((text) =>
    [...text.matchAll(/^\s*\[\s*(?:profile\s+)?"?([^\]"]+?)"?\s*\]/gm)].map(
      ([, name = ""]) => name,
    ),
  );
  return [...new Set(names)].filter((name) => !/^(?:sso-session|services)\s/.test(name)).sort();
}
