/** The roles of a deployed stack, with all that its template gives them. Pure. */
import { type StackContents, stackValues, UNKNOWN } from "./stack-values.ts";

/** Documents are JSON. */
export interface RoleRights {
  readonly trust: unknown;
  /** Inline policies of the role, by name. */
  readonly inline: ReadonlyMap<string, unknown>;
  /** Attached policies by ARN; undefined where the document is not the deployment's. */
  readonly attached: ReadonlyMap<string, unknown>;
}

export interface StackRole extends RoleRights {
  readonly name: string;
}

interface Resolved {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export function stackRoles(
  contents: StackContents,
  place: { readonly account: string; readonly region: string },
): readonly StackRole[] {
  const resolve = stackValues(contents, place);
  const all = Object.entries(contents.template.Resources ?? {})
    .filter(([, { Type }]) => Type.startsWith("AWS::IAM::"))
    .map(([logicalId, { Type: type, Properties = {} }]): Resolved => {
      const properties = resolve(Properties) as Readonly<Record<string, unknown>>;
      return { logicalId, type, properties };
    });
  const ofType = (wanted: string) => all.filter(({ type }) => type === wanted);
  return ofType("AWS::IAM::Role").map(({ logicalId, properties }) => {
    const name = contents.resources.get(logicalId) ?? textOf(properties["RoleName"]);
    const forRole = (wanted: string) =>
      ofType(wanted).filter((policy) => listOf(policy.properties["Roles"]).includes(name));
    const own = listOf(properties["Policies"]) as readonly Resolved["properties"][];
    return {
      name,
      trust: properties["AssumeRolePolicyDocument"],
      inline: new Map(
        [...own, ...forRole("AWS::IAM::Policy").map((policy) => policy.properties)].map(
          ({ PolicyName, PolicyDocument }) => [textOf(PolicyName), PolicyDocument],
        ),
      ),
      attached: new Map([
        ...listOf(properties["ManagedPolicyArns"]).map((arn) => [textOf(arn), undefined] as const),
        ...forRole("AWS::IAM::ManagedPolicy").map(
          (policy) =>
            [
              contents.resources.get(policy.logicalId) ?? UNKNOWN,
              policy.properties["PolicyDocument"],
            ] as const,
        ),
      ]),
    };
  });
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : UNKNOWN);
