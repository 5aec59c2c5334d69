/**
 * The files that a shell sources to reach the sandbox: `source .sandbox/env`, and to be one of its people:
 * `source .sandbox/as/alice`.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The values of the variables. Paths are absolute. */
export interface ShellEnvironment {
  /** Absent where no broker is deployed. */
  readonly apiUrl?: string;
  /** The address of the services that are asked for facts. */
  readonly outsideUrl: string;
  readonly awsConfigFile: string;
  readonly awsCredentialsFile: string;
  readonly kubeconfig: string;
  /** The folder of the `timelatch` command. */
  readonly commandFolder: string;
}

/** The AWS CLI and the SDKs prefer these to a profile: real keys would be used, or another region. */
const OVERRIDES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL",
];

/** A word for a POSIX shell, whatever is in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** POSIX sh, so that every shell but fish and csh can source it. */
function environmentText(environment: ShellEnvironment): string {
  const { apiUrl, outsideUrl, awsConfigFile, awsCredentialsFile, kubeconfig, commandFolder } =
    environment;
  return `# Reaches the sandbox of this folder. Use: source FILE, or ". FILE" in sh.
${apiUrl === undefined ? "unset TIMELATCH_API" : `export TIMELATCH_API=${quoted(apiUrl)}`}
export TIMELATCH_OUTSIDE_ORIGIN=${quoted(`${outsideUrl}/`)}
export AWS_CONFIG_FILE=${quoted(awsConfigFile)}
export AWS_SHARED_CREDENTIALS_FILE=${quoted(awsCredentialsFile)}
export KUBECONFIG=${quoted(kubeconfig)}
unset ${OVERRIDES.join(" ")}
case ":$PATH:" in
  *:${quoted(commandFolder)}:*) ;;
  *) export PATH=${quoted(commandFolder)}:"$PATH" ;;
esac
`;
}

/** Writes `<dir>/env` and answers its path. */
export function writeEnvironmentFile(dir: string, environment: ShellEnvironment): string {
  const file = path.join(dir, "env");
  writeFileSync(file, environmentText(environment));
  return file;
}

/** Writes `<dir>/as/<person>` for each of them: the environment of a terminal of theirs. */
export function writePersonFiles(
  dir: string,
  people: Readonly<Record<string, Readonly<Record<string, string>>>>,
): void {
  const folder = path.join(dir, "as");
  mkdirSync(folder, { recursive: true });
  for (const [person, variables] of Object.entries(people))
    writeFileSync(path.join(folder, person), personText(path.join(dir, "env"), person, variables));
}

const personText = (
  environment: string,
  person: string,
  variables: Readonly<Record<string, string>>,
): string => `# A terminal of ${person}. Use: source FILE, or ". FILE" in sh.
. ${quoted(environment)}
unset TIMELATCH_ROLE
${Object.entries(variables)
  .map(([name, value]) => `export ${name}=${quoted(value)}`)
  .join("\n")}
[ -z "\${PS1-}" ] || PS1='${person}$ '
`;
