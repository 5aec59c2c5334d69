/** The tables that the deployed functions use, and what the stack says of them. Pure. */
import { AWS_OWNED } from "../../deployment/restored-tables.ts";
import { HOLDS, type Holds, TABLE_VARIABLES } from "../../deployment/table-needs.ts";
import { type StackContents, stackValues } from "../iam/stack-values.ts";
import type { Expected } from "./table-lacks.ts";

export interface DeployedTable {
  readonly holds: Holds;
  readonly name: string;
  /** The settings that the stack declares; undefined for a table that it did not make. */
  readonly declared: Expected | undefined;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

type Properties = Readonly<Record<string, unknown>>;

export function deployedTables(contents: StackContents, place: Place): readonly DeployedTable[] {
  const value = stackValues(contents, place);
  const resources = Object.entries(contents.template.Resources ?? {});
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  const variables = ofType("AWS::Lambda::Function").map(([, { Properties = {} }]) => {
    const { Variables = {} } = (Properties["Environment"] ?? {}) as { Variables?: Properties };
    return Variables;
  });
  const own = new Map(
    ofType("AWS::DynamoDB::GlobalTable").map(([id, { Properties = {} }]) => [
      contents.resources.get(id),
      value(Properties) as Properties,
    ]),
  );
  return HOLDS.flatMap((holds) => {
    const given = variables.find((each) => Object.hasOwn(each, TABLE_VARIABLES[holds]));
    if (!given) return [];
    const name = String(value(given[TABLE_VARIABLES[holds]]));
    const properties = own.get(name);
    return [{ holds, name, declared: properties && declaredBy(properties) }];
  });
}

interface Replica {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly SSESpecification?: { readonly KMSMasterKeyId?: string };
}

/** A stack has its tables in one region. */
function declaredBy({ Replicas, SSESpecification }: Properties): Expected {
  const [{ Tags = [], SSESpecification: own } = {}] = (Replicas ?? []) as Replica[];
  const { SSEEnabled: hasKey } = (SSESpecification ?? {}) as { readonly SSEEnabled?: boolean };
  return {
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    // The account's own key for DynamoDB has an ARN that no template tells.
    encryption: hasKey === true ? own?.KMSMasterKeyId : AWS_OWNED,
  };
}
