/** Acts of the sandbox's people in the demo: each with the clients of this machine. */
import path from "node:path";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { fromIni } from "@aws-sdk/credential-providers";
import { AwsClient } from "aws4fetch";
import type { SandboxAddresses } from "../stack/start.ts";
import { REGION } from "../world/account.ts";
import { ADMIN, ownRoleArn, type PEOPLE } from "../world/people.ts";
import { type AccessEntryView, readAccessEntry } from "./access-entry.ts";
import type { AccessAnswer, Action, ApiServer } from "./access-review.ts";
import { askKubectl, askKubernetes } from "./can-i.ts";
import { clientEnvironment } from "./client-environment.ts";
import { answerLines } from "./client-output.ts";
import { askEks, associatedPolicies, associateKubeSystem, principals } from "./eks-questions.ts";
import type { Exchange } from "./exchange.ts";
import type { InstalledClients } from "./installed-clients.ts";
import { type Outcome, runClient } from "./run-client.ts";

export type Person = (typeof PEOPLE)[number];
type Caller = Person | typeof ADMIN;

/** The members of a request, as the API answers it, that the demo reads. Instants are ISO 8601 UTC. */
export interface Grant {
  readonly rule: string;
  readonly state: string;
  readonly revokeAt: string | null;
  readonly expiresAt: string | null;
  readonly endedAt: string | null;
}

export interface People {
  /** Runs `timelatch` in the sandbox's folder. Shows `lines` lines of its output; of an error, the first. */
  timelatch(person: Person, args: readonly string[], lines: number): Promise<Exchange<Outcome>>;
  /** `kubectl auth can-i` */
  canI(person: Person, action: Action): Promise<Exchange<AccessAnswer>>;
  /** `aws eks list-access-entries`: the principals' ARNs. */
  entries(person: Person): Promise<Exchange<readonly string[]>>;
  /** `aws eks list-associated-access-policies`, as texts; none without an entry. */
  policies(person: Person): Promise<Exchange<readonly string[]>>;
  /** `aws eks associate-access-policy` by the account's administrator, without asking Timelatch. */
  changeAround(person: Person): Promise<Exchange<unknown>>;
  /** The entry and its policies, read without a client and without showing it: to poll for a change. */
  entryOf(person: Person): Promise<AccessEntryView | undefined>;
  grantOf(requestId: string): Promise<Grant>;
  /** CloudTrail's word on each call of a request: `confirmed`, `unconfirmed`, `missing` or null. */
  callStates(requestId: string): Promise<readonly (string | null)[]>;
  /** The people on call, as an auditor knows them. */
  onCall(): Promise<readonly string[]>;
  /** The ids of the open findings. */
  openFindings(): Promise<readonly string[]>;
}

export interface PeopleOptions {
  readonly cluster: string;
  /** The sandbox's folder, absolute. */
  readonly dir: string;
  readonly addresses: SandboxAddresses;
  readonly clients: InstalledClients;
  readonly signal: AbortSignal;
}

const TIMELATCH = path.resolve(import.meta.dirname, "../../../cli/timelatch");

/** The profile of a person's own role. Only that role may call the API and use clusters. */
const ownProfile = (person: Person) => `${person}-own`;

/** The sandbox's people, in one cluster. */
export async function people(options: PeopleOptions): Promise<People> {
  const { cluster, dir, addresses, clients, signal } = options;
  const { awsUrl, awsConfigFile, awsCredentialsFile } = addresses;
  const runAs = (person: Caller) => {
    const env = clientEnvironment(process.env, addresses, dir, person);
    return (program: string, args: readonly string[]) =>
      runClient(program, args, { env, cwd: dir, signal });
  };
  const keys = (profile: string) =>
    fromIni({
      profile,
      filepath: awsCredentialsFile,
      configFilepath: awsConfigFile,
      // The endpoint at which a role is assumed: a profile's endpoint does not apply there.
      clientConfig: { endpoint: awsUrl, region: REGION },
    });
  const eksClient = (person: Caller) =>
    new EKSClient({ endpoint: awsUrl, region: REGION, credentials: keys(person) });
  const eksCaller = (person: Caller) => {
    return { person, aws: clients.aws, run: runAs(person), client: eksClient(person) };
  };
  // Everyone with a profile may read clusters; the auditor may also read every request.
  const reader = eksClient("dave");
  const service = { service: "execute-api", region: REGION, retries: 3 };
  const auditor = new AwsClient({ ...(await keys(ownProfile("dave"))()), ...service });
  const server = await describeApiServer(reader, cluster);

  return {
    timelatch: (person, args, lines) => runTimelatch(runAs(person), person, args, lines),
    async canI(person, action) {
      const { kubectl } = clients;
      if (kubectl !== undefined)
        return askKubectl({ person, cluster, kubectl, run: runAs(person) }, action);
      const own = await keys(ownProfile(person))();
      return askKubernetes({ person, cluster, server, stsUrl: awsUrl, keys: own }, action);
    },
    entries: (person) => askEks(eksCaller(person), principals(cluster)),
    policies: (person) =>
      askEks(eksCaller(person), associatedPolicies(cluster, person, ownRoleArn(person))),
    changeAround: (person) =>
      askEks(eksCaller(ADMIN), associateKubeSystem(cluster, ownRoleArn(person))),
    entryOf: (person) => readAccessEntry(reader, cluster, ownRoleArn(person)),
    ...recordsFor(auditor, addresses.apiUrl),
  };
}

async function runTimelatch(
  run: (program: string, args: readonly string[]) => Promise<Outcome>,
  person: Person,
  args: readonly string[],
  lines: number,
): Promise<Exchange<Outcome>> {
  const outcome = await run(TIMELATCH, args);
  return {
    person,
    command: ["timelatch", ...args],
    output: answerLines(outcome, lines),
    value: outcome,
  };
}

type Records = Pick<People, "grantOf" | "callStates" | "onCall" | "openFindings">;

/** The API's answers to an auditor. */
function recordsFor(client: AwsClient, apiUrl: string): Records {
  const read = async <Answer>(path: string): Promise<Answer> => {
    const response = await client.fetch(`${apiUrl}/v1/${path}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`The API answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  };
  type Evidence = { readonly calls: readonly { readonly state: string | null }[] };
  type OnCall = { readonly people: readonly { readonly person: string }[] };
  type Access = { readonly onCall?: readonly OnCall[] };
  type Findings = { readonly findings: readonly { readonly findingId: string }[] };
  return {
    grantOf: (id) => read<Grant>(`requests/${id}`),
    async callStates(id) {
      const { calls } = await read<Evidence>(`requests/${id}/evidence`);
      return calls.map(({ state }) => state);
    },
    async onCall() {
      const { onCall = [] } = await read<Access>("access");
      return onCall.flatMap(({ people: named }) => named.map(({ person }) => person));
    },
    async openFindings() {
      const { findings } = await read<Findings>("findings");
      return findings.map(({ findingId }) => findingId);
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
