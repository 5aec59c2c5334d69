/** What the people of the sandbox do: each as they would, with the clients of this machine. */
import path from "node:path";
import {
  DescribeClusterCommand,
  EKSClient,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { fromIni } from "@aws-sdk/credential-providers";
import { AwsClient } from "aws4fetch";
import type { SandboxAddresses } from "../stack/start.ts";
import { ACCOUNT, type PEOPLE, REGION } from "../world/world.ts";
import {
  type AccessEntryView,
  type Association,
  policyTexts,
  readAccessEntry,
} from "./access-entry.ts";
import { type Action, type ApiServer, reviewAccess, type Verdict } from "./access-review.ts";
import type { Exchange } from "./exchange.ts";
import type { InstalledClients } from "./installed-clients.ts";
import { mintToken } from "./kubernetes-token.ts";
import { type Outcome, runClient } from "./run-client.ts";
import { NotAsTold } from "./steps.ts";

export type Person = (typeof PEOPLE)[number];

/** What the story reads of the API's answer about a request. Instants are ISO 8601. */
export interface Grant {
  readonly state: string;
  readonly revokeAt: string | null;
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
}

export interface People {
  /**
   * Runs `timelatch` in the sandbox's folder. Of what it says, `lines` lines are shown; of an
   * error, the first.
   */
  timelatch(person: Person, args: readonly string[], lines: number): Promise<Exchange<Outcome>>;
  /** `kubectl auth can-i` */
  canI(person: Person, action: Action): Promise<Exchange<Verdict>>;
  /** `aws eks list-access-entries`: the principals' ARNs. */
  entries(person: Person): Promise<Exchange<readonly string[]>>;
  /** `aws eks list-associated-access-policies`, as {@link policyTexts}; none without an entry. */
  policies(person: Person): Promise<Exchange<readonly string[]>>;
  /** The same without a client and without a word: to see when something has come. */
  entryOf(person: Person): Promise<AccessEntryView | undefined>;
  grantOf(requestId: string): Promise<Grant>;
}

export interface PeopleOptions {
  readonly cluster: string;
  /** The sandbox's folder, absolute. */
  readonly dir: string;
  readonly addresses: SandboxAddresses;
  readonly clients: InstalledClients;
  readonly signal: AbortSignal;
}

const TIMELATCH = path.resolve(import.meta.dirname, "../../cli/timelatch");

export const principalArn = (person: Person): string =>
  `arn:aws:iam::${ACCOUNT}:role/people/${person}`;

/** The machine's environment without what would lead clients to another account or cluster. */
export function clientEnvironment(
  env: NodeJS.ProcessEnv,
  { apiUrl, awsConfigFile, awsCredentialsFile, kubeconfig }: SandboxAddresses,
  dir: string,
): NodeJS.ProcessEnv {
  const foreign = /^(AWS_|TIMELATCH_|KUBE|https?_proxy$|all_proxy$)/i;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    TIMELATCH_API: apiUrl,
    AWS_CONFIG_FILE: awsConfigFile,
    AWS_SHARED_CREDENTIALS_FILE: awsCredentialsFile,
    AWS_PAGER: "",
    KUBECONFIG: kubeconfig,
    KUBECACHEDIR: path.join(dir, "kube-cache"),
  };
}

const filled = (text: string): readonly string[] =>
  text.split("\n").filter((line) => line.trim() !== "");

/** What is worth showing of an outcome: the answer's beginning, or the error itself. */
export function answerLines({ code, stdout, stderr }: Outcome, lines: number): readonly string[] {
  const said = filled(stderr);
  // An export says what it wrote beside its output.
  if (code === 0) return (stdout === "" ? said : filled(stdout)).slice(0, lines);
  // Above its error, `approve` shows what was to be decided.
  return said.slice(said.findIndex((line) => /^(timelatch|error): /.test(line))).slice(0, 1);
}

/** kubectl's verdict; undefined where it gave none. */
export function verdictOf({ code, stdout, stderr }: Outcome): Verdict | undefined {
  const said = stdout.trim();
  if (code === 0 && said === "yes") return "yes";
  // A reason may follow: `no - not allowed by …`.
  if (code === 1 && /^no\b/.test(said)) return "no";
  return code === 1 && stderr.includes("(Unauthorized)") ? "unauthorized" : undefined;
}

/** The sandbox's people in one cluster. */
export async function people(options: PeopleOptions): Promise<People> {
  const { cluster, dir, addresses, clients, signal } = options;
  const { apiUrl, awsUrl, awsConfigFile, awsCredentialsFile } = addresses;
  const env = clientEnvironment(process.env, addresses, dir);
  const run = (person: Person, program: string, args: readonly string[]) =>
    runClient(program, args, { env: { ...env, AWS_PROFILE: person }, cwd: dir, signal });

  const keys = (person: Person) =>
    fromIni({ profile: person, filepath: awsCredentialsFile, configFilepath: awsConfigFile });
  const eks = (person: Person) =>
    new EKSClient({ endpoint: awsUrl, region: REGION, credentials: keys(person) });
  // Whoever has a profile may look at clusters; the auditor may read every request.
  const watcher = eks("dave");
  const auditor = new AwsClient({
    ...(await keys("dave")()),
    service: "execute-api",
    region: REGION,
    retries: 3,
  });
  const apiServer = await describeApiServer(watcher, cluster);

  /** One operation of `aws eks`, by the client if there is one. */
  async function askEks<Value>(
    person: Person,
    call: {
      readonly command: readonly string[];
      readonly operation: string;
      readonly direct: (client: EKSClient) => Promise<unknown>;
      readonly read: (output: unknown) => Value;
      readonly say: (value: Value) => readonly string[];
    },
  ): Promise<Exchange<Value>> {
    const { command, operation, direct, read, say } = call;
    if (clients.aws === undefined) {
      const value = read(await direct(eks(person)));
      return { command: `${person} asks EKS: ${operation}`, output: say(value), value };
    }
    const typed = ["eks", ...command];
    const outcome = await run(person, clients.aws, [...typed, "--output", "json"]);
    if (outcome.code !== 0)
      throw new NotAsTold(`aws ${typed.join(" ")} failed: ${outcome.stderr.trim()}`);
    const value = read(JSON.parse(outcome.stdout));
    return {
      command: [`AWS_PROFILE=${person}`, "aws", ...typed],
      output: say(value),
      value,
    };
  }

  return {
    async timelatch(person, args, lines) {
      const outcome = await run(person, TIMELATCH, args);
      return {
        command: [`AWS_PROFILE=${person}`, "timelatch", ...args],
        output: answerLines(outcome, lines),
        value: outcome,
      };
    },

    async canI(person, action) {
      const { verb, resource, namespace } = action;
      if (clients.kubectl === undefined) {
        const token = await mintToken(await keys(person)(), {
          cluster,
          stsUrl: awsUrl,
          region: REGION,
        });
        const value = await reviewAccess(apiServer, token, action);
        const question = `${person} asks Kubernetes: may I ${verb} ${resource} in ${namespace}?`;
        return { command: question, output: [value], value };
      }
      const args = ["auth", "can-i", verb, resource, "-n", namespace, "--context", cluster];
      const outcome = await run(person, clients.kubectl, args);
      const value = verdictOf(outcome);
      if (value === undefined)
        throw new NotAsTold(
          `kubectl ${args.join(" ")} gave no verdict: ${outcome.stderr.trim() || outcome.stdout.trim()}`,
        );
      return {
        command: [`AWS_PROFILE=${person}`, "kubectl", ...args],
        output: value === "unauthorized" ? answerLines(outcome, 1) : [value],
        value,
      };
    },

    entries: (person) =>
      askEks(person, {
        command: ["list-access-entries", "--cluster-name", cluster],
        operation: `ListAccessEntries of ${cluster}`,
        direct: (client) => client.send(new ListAccessEntriesCommand({ clusterName: cluster })),
        read: (output) => (output as { accessEntries: readonly string[] }).accessEntries,
        say: (arns) => [arns.map((arn) => arn.slice(arn.indexOf(":role/") + 6)).join(", ")],
      }),

    policies: (person) =>
      askEks(person, {
        command: [
          ...["list-associated-access-policies", "--cluster-name", cluster],
          ...["--principal-arn", principalArn(person)],
        ],
        operation: `ListAssociatedAccessPolicies of ${person} on ${cluster}`,
        direct: (client) =>
          client.send(
            new ListAssociatedAccessPoliciesCommand({
              clusterName: cluster,
              principalArn: principalArn(person),
            }),
          ),
        read: (output) =>
          policyTexts(
            (output as { associatedAccessPolicies: readonly Association[] })
              .associatedAccessPolicies,
          ),
        say: (policies) => policies,
      }),

    entryOf: (person) => readAccessEntry(watcher, cluster, principalArn(person)),

    async grantOf(requestId) {
      const response = await auditor.fetch(`${apiUrl}/v1/requests/${requestId}`);
      const text = await response.text();
      if (!response.ok) throw new Error(`The API answered ${response.status}: ${text}`);
      return JSON.parse(text) as Grant;
    },
  };
}

async function describeApiServer(eks: EKSClient, name: string): Promise<ApiServer> {
  const { cluster } = await eks.send(new DescribeClusterCommand({ name }));
  return {
    endpoint: cluster?.endpoint ?? "",
    certificate: Buffer.from(cluster?.certificateAuthority?.data ?? "", "base64").toString(),
  };
}
