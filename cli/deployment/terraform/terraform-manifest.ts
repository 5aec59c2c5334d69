/** `terraform.json`: the facts of an assembly that the Terraform module follows. Pure. */
import { DEFAULT_DEPLOYMENT } from "../../../shared/domain/values/deployment.ts";
import type { StackKindName } from "../../../shared/domain/values/stack-kinds.ts";
import type { AssemblyStack } from "../assembly.ts";
import type { StackDetails } from "./asset-files.ts";

/** The name of the file in the folder. */
export const MANIFEST_FILE = "terraform.json";

/** The blocks of the module: a kind of stacks each, and one for the further regions of an account. */
export type TerraformKind = "account" | "region" | "fuses" | "broker" | "people" | "forward";

export interface TerraformStack {
  readonly name: string;
  readonly kind: TerraformKind;
  readonly account: string;
  readonly region: string;
  /** Names of stacks that must be there: AWS refuses a name of what is not. */
  readonly after: readonly string[];
  /** The key of its template among the objects of its account and region. */
  readonly template: string;
  readonly capabilities: readonly string[];
  readonly parameters: readonly string[];
  readonly outputs: readonly string[];
  /** The value of its output `Version`. */
  readonly version: string;
}

/** A file that is put into the bucket of an account and region. */
export interface TerraformObject {
  readonly account: string;
  readonly region: string;
  /** With the hash in it: a template's address is compared as a text. */
  readonly key: string;
  /** From the manifest's folder. */
  readonly file: string;
  /** The hash of its bytes, hex. */
  readonly sha256: string;
}

/** A file that the assembly was made of. */
export interface PolicyFile {
  /** From the manifest's folder. */
  readonly file: string;
  readonly sha256: string;
}

export interface TerraformManifest {
  readonly version: 1;
  /** The release of the command that wrote it. */
  readonly release: string;
  readonly deployment: string;
  /** The broker's account. */
  readonly hub: string;
  readonly policy: readonly PolicyFile[];
  readonly objects: readonly TerraformObject[];
  /** In the order in which they can be deployed. */
  readonly stacks: readonly TerraformStack[];
}

const KINDS: Readonly<Record<StackKindName, TerraformKind>> = {
  TimelatchAccount: "account",
  TimelatchFuses: "fuses",
  Timelatch: "broker",
  TimelatchPeople: "people",
  TimelatchForward: "forward",
};

/** The kind of a stack by its name; undefined where the deployment has no such stack. */
export function terraformKind(
  { name, region }: Pick<AssemblyStack, "name" | "region">,
  deployment: string,
): TerraformKind | undefined {
  const [first = "", ...parts] = name.split("-");
  const own = deployment === DEFAULT_DEPLOYMENT ? [] : deployment.split("-");
  if (!Object.hasOwn(KINDS, first) || own.some((part, at) => parts[at] !== part)) return undefined;
  const kind = KINDS[first as StackKindName];
  return kind === "account" && name.endsWith(`-${region}`) ? "region" : kind;
}

/**
 * The stacks that have to be there before one is deployed. CDK's order has every stack of an earlier
 * kind. A stack names what is in its own account and in the broker's; only the broker needs all others. Without the
 * rest, an account waits for no other account.
 */
export function namedStacks(
  stack: Pick<AssemblyStack, "name" | "account" | "hasCode">,
  { after }: Pick<StackDetails, "after">,
  stacks: readonly Pick<AssemblyStack, "name" | "account" | "hasCode">[],
): readonly string[] {
  const hub = stacks.find(({ hasCode }) => hasCode)?.account;
  const accountOf = (name: string) => stacks.find((one) => one.name === name)?.account ?? "";
  return after
    .filter((name) => stack.hasCode || [stack.account, hub].includes(accountOf(name)))
    .toSorted();
}

const OF_IAM = /^AWS::IAM::/;

/** CloudFormation demands it where it makes something of IAM with a name. */
export const capabilitiesOf = ({
  template: { Resources = {} },
}: Pick<AssemblyStack, "template">): readonly string[] =>
  Object.values(Resources).some(({ Type }) => OF_IAM.test(Type)) ? ["CAPABILITY_NAMED_IAM"] : [];
