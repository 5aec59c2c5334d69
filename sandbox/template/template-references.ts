/** What the values of one template may refer to: its resources, its parameters, and the pseudo parameters. */
import type { Template } from "./assembly.ts";
import { NO_VALUE, type References, type Resolved, resolveObject } from "./intrinsics.ts";
import { type JsonObject, membersOf } from "./json.ts";
import type { Physical, Place, ResourceType } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

/** The one condition that CDK writes by itself; it guards usage statistics. */
const METADATA_CONDITION = "CDKMetadataAvailable";

/** A physical name may be made of other resources' names; it needs no other property. */
const NAMING_PROPERTY = /Name$|^Path$|^FifoQueue$/;

/** A resource as the template declares it. */
export interface DeclaredResource {
  readonly type: string;
  /** What refusals call it: `ConvergeQueue (AWS::SQS::Queue)`. */
  readonly owner: string;
  /** What the sandbox knows of its type. */
  readonly row: ResourceType;
  /** Its properties, with intrinsics in them. */
  readonly source: JsonObject;
}

/** Names each resource when it is first referred to. */
export class TemplateReferences implements References {
  readonly #template: Template;
  readonly #place: Place;
  readonly #values: Readonly<Record<string, Resolved>>;
  readonly #named = new Map<string, Physical>();
  readonly #naming = new Set<string>();

  constructor(template: Template, place: Place, parameters: Readonly<Record<string, string>> = {}) {
    this.#template = template;
    this.#place = place;
    this.#values = { ...parameters, ...pseudoParameters(place) };
  }

  /** Throws for a type or condition that is not emulated, and for a resource that is missing. */
  declared(logicalId: string): DeclaredResource {
    const { Type: type, Condition: condition, Properties: source = {} } = this.#resource(logicalId);
    const row = RESOURCE_TYPES[type];
    if (!row) throw new Error(`${logicalId}: the sandbox does not emulate ${type}.`);
    if (condition !== undefined && condition !== METADATA_CONDITION)
      throw new Error(`${logicalId}: the sandbox does not emulate the condition ${condition}.`);
    return { type, owner: `${logicalId} (${type})`, row, source };
  }

  /** What the resource is called. Throws as `declared` does, and for a name made of itself. */
  physical(logicalId: string): Physical {
    const known = this.#named.get(logicalId);
    if (known) return known;
    if (this.#naming.has(logicalId)) throw new Error(`${logicalId}: its name depends on itself.`);
    this.#naming.add(logicalId);
    const named = this.#name(logicalId);
    this.#naming.delete(logicalId);
    this.#named.set(logicalId, named);
    return named;
  }

  ref(name: string): Resolved {
    const value = Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
    if (value !== undefined) return value;
    if (name.startsWith("AWS::")) throw new Error(`The sandbox does not emulate Ref ${name}.`);
    return this.physical(name).ref;
  }

  attribute(dotted: string): string {
    const [logicalId = "", ...rest] = dotted.split(".");
    const name = rest.join(".");
    const value = this.physical(logicalId).attributes[name];
    if (value === undefined)
      throw new Error(
        `${logicalId}: the sandbox does not emulate Fn::GetAtt ${name} of ${this.#resource(logicalId).Type}.`,
      );
    return value;
  }

  #name(logicalId: string): Physical {
    const { owner, row, source } = this.declared(logicalId);
    const naming = Object.entries(source).filter(([name]) => NAMING_PROPERTY.test(name));
    const names = resolveObject({ references: this, owner }, Object.fromEntries(naming));
    return row.physical(logicalId, membersOf(owner, names), this.#place);
  }

  #resource(logicalId: string) {
    const resource = this.#template.Resources[logicalId];
    if (!resource)
      throw new Error(`The template refers to ${logicalId}, and has no such resource.`);
    return resource;
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters = ({
  account,
  region,
  stackName,
  stackId = `arn:aws:cloudformation:${region}:${account}:stack/${stackName}/sandbox`,
}: Place): Readonly<Record<string, Resolved>> => ({
  "AWS::AccountId": account,
  "AWS::NoValue": NO_VALUE,
  "AWS::Partition": "aws",
  "AWS::Region": region,
  "AWS::StackId": stackId,
  "AWS::StackName": stackName,
  "AWS::URLSuffix": "amazonaws.com",
});
