/**
 * The files that the real AWS CLI, kubectl and `timelatch` need to be one of the sandbox's people.
 */
import path from "node:path";
import { awsCommand, writeKubeconfig } from "../kubernetes/kubeconfig.ts";
import { writeEnvironmentFile, writePersonFiles } from "./environment-file.ts";
import { personVariables } from "./person-variables.ts";
import { writeProfiles } from "./profiles.ts";
import type { SandboxState } from "./state.ts";

/** The folder of the `timelatch` command. */
const COMMAND_FOLDER = path.resolve(import.meta.dirname, "../../../cli");

export interface SandboxUrls {
  readonly awsUrl: string;
  /** The broker's HTTP API; absent where none is deployed. */
  readonly apiUrl?: string;
  /** The services that are asked for facts. */
  readonly outsideUrl: string;
}

/**
 * Writes the people's environments and profiles, and a kubeconfig for whoever signs in with a role that
 * EKS knows.
 */
export function writeClientFiles(
  dir: string,
  { iam, places, tls, deployed }: SandboxState,
  { awsUrl, ...urls }: SandboxUrls,
) {
  const people = personVariables(dir, iam.state, deployed.state.roleArns);
  writePersonFiles(dir, people);
  const profiles = writeProfiles(dir, iam.state, people, awsUrl);
  const kubeconfig = path.join(dir, "kubeconfig");
  const clusters = places.flatMap(({ eks }) => Object.values(eks.state.clusters));
  writeKubeconfig(kubeconfig, {
    clusters: clusters.map(({ name, endpoint }) => ({
      name,
      server: endpoint,
      certificate: tls.certificate,
    })),
    command: awsCommand(),
    environment: {
      AWS_CONFIG_FILE: profiles.awsConfigFile,
      AWS_SHARED_CREDENTIALS_FILE: profiles.awsCredentialsFile,
    },
  });
  writeEnvironmentFile(dir, { ...urls, kubeconfig, ...profiles, commandFolder: COMMAND_FOLDER });
  return { kubeconfig, ...profiles, people };
}
