/** The scratch role and its access entry: what every part touches, and nothing else of EKS. */
import type { CreateAccessEntryCommandOutput, EKS } from "@aws-sdk/client-eks";
import { TAG_MANAGED_BY } from "../../../shared/domain/entries/ledger.ts";
import type { SmokeClients } from "../aws/smoke-clients.ts";
import { unlessAbsent } from "./refusal.ts";
import { named, redactable } from "./report/redactable.ts";
import type { SmokeCluster, Stage } from "./stage.ts";
import { PREFIX, ROLE_PATH, type Thing } from "./thing.ts";

/** Namespaces need not exist: EKS takes names as they are written. */
export const NAMESPACE = PREFIX;

export interface Scratch {
  readonly cluster: SmokeCluster;
  readonly eks: EKS;
  readonly address: { readonly clusterName: string; readonly principalArn: string };
  readonly entry: Thing;
  readonly role: { readonly name: string; readonly arn: string };
}

/** Somebody has to sign for the cluster's account. */
export class NoCredentials extends Error {
  override readonly name = "NoCredentials";
  readonly account: string;
  constructor(account: string) {
    super(`no credentials for account ${account}`);
    this.account = account;
  }
}

/** @throws NoCredentials */
export const clientsOf = (stage: Stage, { at }: SmokeCluster): SmokeClients => clientsAt(stage, at);

/** @throws NoCredentials */
export function clientsAt(
  stage: Stage,
  { account, region }: { readonly account: string; readonly region: string },
): SmokeClients {
  const clients = stage.clients(account, region);
  if (!clients) throw new NoCredentials(account);
  return clients;
}

/**
 * A role of its own in the cluster's account, which nobody can take: its trust policy allows nobody. So an entry for it
 * lends nothing to anybody, and no entry of somebody else's is touched.
 *
 * @param purpose tells several of one run apart
 */
export async function scratchRole(
  stage: Stage,
  cluster: SmokeCluster,
  purpose: string,
): Promise<Scratch> {
  const clients = clientsOf(stage, cluster);
  const { account, partition, name: clusterName } = cluster.at;
  const name = `${PREFIX}-${stage.run}-${purpose}`;
  const iam = await clients.iam();
  const created = await stage.journal.make({ kind: "role", account, name }, () =>
    iam.createRole({
      RoleName: name,
      Path: ROLE_PATH,
      AssumeRolePolicyDocument: trustsNobody(partition, account),
      Description: "Scratch role of timelatch doctor --smoke. It may be deleted",
    }),
  );
  const arn = created.Role?.Arn ?? `arn:${partition}:iam::${account}:role${ROLE_PATH}${name}`;
  return {
    cluster,
    eks: await clients.eks(),
    role: { name, arn },
    address: { clusterName, principalArn: arn },
    entry: { kind: "entry", cluster: cluster.arn, principalArn: arn },
  };
}

const trustsNobody = (partition: string, account: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: "sts:AssumeRole",
      },
    ],
  });

/** The optional values of a creation. */
export interface NewEntry {
  readonly username?: string;
  readonly clientRequestToken?: string;
  /** One was there before, which EKS may still see. */
  readonly isAgain?: true;
}

/** An entry that EKS made. */
export interface Created {
  /** How many seconds it refused the principal before. */
  readonly known: number;
  readonly answer: CreateAccessEntryCommandOutput;
}

/**
 * Makes the entry, with the tag by which fuses know the deployment's own. EKS does not know a new role at once.
 *
 * @returns undefined where it refused the principal to the end
 */
export async function createEntry(
  stage: Stage,
  { eks, address, entry, role }: Scratch,
  given: NewEntry = {},
): Promise<Created | undefined> {
  const began = stage.now();
  const { isAgain: _isAgain, ...said } = given;
  const input = { ...address, ...said, tags: { [TAG_MANAGED_BY]: stage.deployed.name } };
  return stage.journal.make(entry, () =>
    stage.until(
      redactable`EKS to know the new role ${named("role", role.name)}`,
      stage.pace.roleSeconds,
      async () => {
        try {
          const answer = await eks.createAccessEntry(input);
          return { known: (stage.now() - began) / 1_000, answer };
        } catch (error) {
          if (isUnknownPrincipal(error) || (given.isAgain && isStillThere(error))) return undefined;
          throw error;
        }
      },
    ),
  );
}

const isStillThere = (error: unknown): boolean =>
  error instanceof Error && error.name === "ResourceInUseException";

const isUnknownPrincipal = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === "InvalidParameterException" &&
  /invalid principal/i.test(error.message);

/** Makes a call on the entry. EKS may not know it at once, since it judges by what it reads. */
export async function onceKnown<Answer>(
  stage: Stage,
  { role }: Scratch,
  call: () => Promise<Answer>,
): Promise<Answer> {
  const answer = await stage.until(
    redactable`EKS to know the entry of ${named("role", role.name)}`,
    stage.deployed.settings.readLagSeconds,
    () => unlessAbsent(call),
  );
  return answer ?? call();
}

/** Associates a policy in some namespaces. */
export function associate(
  stage: Stage,
  scratch: Scratch,
  policyArn: string,
  namespaces: readonly string[],
) {
  const { eks, address } = scratch;
  const accessScope = { type: "namespace" as const, namespaces: [...namespaces] };
  const input = { ...address, policyArn, accessScope };
  return onceKnown(stage, scratch, () => eks.associateAccessPolicy(input));
}

/** Whether a read shows something within the lag. One that does not may show an earlier state. */
export async function eventually(stage: Stage, look: () => Promise<boolean>): Promise<boolean> {
  const seen = await stage.until(
    redactable`EKS to show the last change`,
    stage.deployed.settings.readLagSeconds,
    async () => ((await look()) ? true : undefined),
  );
  return seen === true;
}

/** The entry as EKS shows it now. */
export const describedEntry = async ({ eks, address }: Scratch) =>
  (await unlessAbsent(() => eks.describeAccessEntry(address)))?.accessEntry;

/** Its associations as EKS shows them now: namespaces by policy ARN; none where there is no entry. */
export async function associationsOf({
  eks,
  address,
}: Scratch): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await unlessAbsent(() => eks.listAssociatedAccessPolicies(address));
  return new Map(
    (found?.associatedAccessPolicies ?? []).map(({ policyArn = "", accessScope }) => [
      policyArn,
      accessScope?.namespaces ?? [],
    ]),
  );
}
