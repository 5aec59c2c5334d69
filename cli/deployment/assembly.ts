/** The stacks of a cloud assembly, as the CDK writes it. https://docs.aws.amazon.com/cdk/v2/guide/deploy.html */
import { readFileSync } from "node:fs";
import path from "node:path";
import { partitionOf } from "../../shared/domain/values/arn.ts";

/** Where a stack is, and which roles of CDK's bootstrap may work on it. */
export interface StackPlace {
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly deployRole: string | undefined;
  readonly lookupRole: string | undefined;
  /** The role with which CloudFormation changes the stack's resources. */
  readonly executionRole?: string | undefined;
  /** The parameter of Parameter Store in which the bootstrap has its version; undefined where none is asked for. */
  readonly versionParameter?: string;
}

export interface Template {
  /** The policy's facts in the broker's template. */
  readonly Metadata?: {
    readonly AccessPolicy?: {
      readonly clusters: Readonly<Record<string, "lends" | "retired">>;
      readonly hash?: string;
    };
  };
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<
    Record<string, { readonly Type: string; readonly Default?: unknown }>
  >;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
}

export interface AssemblyStack extends StackPlace {
  readonly template: Template;
  /** The size of the template's file. */
  readonly bytes: number;
  readonly isProtected: boolean;
  readonly hasCode: boolean;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly terminationProtection?: boolean;
    readonly assumeRoleArn?: string;
    readonly cloudFormationExecutionRoleArn?: string;
    readonly bootstrapStackVersionSsmParameter?: string;
    readonly lookupRole?: { readonly arn?: string };
  };
}

/**
 * Stacks in the order in which they are deployed: each after those that it depends on.
 *
 * @param folder `cdk.out`
 */
export function readAssembly(folder: string): readonly AssemblyStack[] {
  const text = readFileSync(path.join(folder, "manifest.json"), "utf8");
  const { artifacts } = JSON.parse(text) as {
    readonly artifacts: Readonly<Record<string, Artifact>>;
  };
  const ids = Object.keys(artifacts).filter(
    (id) => artifacts[id]?.type === "aws:cloudformation:stack",
  );
  const ordered: string[] = [];
  const add = (id: string): void => {
    if (ordered.includes(id)) return;
    for (const before of artifacts[id]?.dependencies ?? []) if (ids.includes(before)) add(before);
    ordered.push(id);
  };
  for (const id of ids) add(id);
  return ordered.flatMap((id) => {
    const artifact = artifacts[id];
    return artifact ? [stackOf(folder, id, artifact)] : [];
  });
}

function stackOf(
  folder: string,
  id: string,
  { environment = "", properties = {} }: Artifact,
): AssemblyStack {
  const [, account = "", region = ""] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
  const content = readFileSync(path.join(folder, properties.templateFile ?? ""));
  const template = JSON.parse(content.toString()) as Template;
  const { bootstrapStackVersionSsmParameter: versionParameter } = properties;
  const inPartition = (arn: string | undefined) =>
    arn?.replace(/\$\{AWS::Partition\}/g, partitionOf(region));
  return {
    name: properties.stackName ?? id,
    account,
    region,
    template,
    bytes: content.byteLength,
    isProtected: properties.terminationProtection === true,
    deployRole: inPartition(properties.assumeRoleArn),
    lookupRole: inPartition(properties.lookupRole?.arn),
    executionRole: inPartition(properties.cloudFormationExecutionRoleArn),
    ...(versionParameter === undefined ? {} : { versionParameter }),
    hasCode: Object.values(template.Resources ?? {}).some(
      ({ Type }) => Type === "AWS::Lambda::Function",
    ),
  };
}
