/**
 * The values that one template may refer to: its resources, its parameters, and the pseudo
 * parameters.
 */
import type { Template } from "./assembly.ts";
import { holds } from "./conditions.ts";
import { NO_VALUE, type References, type Resolved, resolveObject } from "./intrinsics.ts";
import { type JsonObject, membersOf } from "./json.ts";
import type { Physical, Place, ResourceType } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

/** A physical name may be made of other resources' names; it needs no other property. */
const NAMING_PROPERTY = /Name$|^Path$|^FifoQueue$/;

/** A resource as the template declares it. */
export interface DeclaredResource {
  readonly type: string;
  /** Its name in refusals: `ConvergeQueue (AWS::SQS::Queue)`. */
  readonly owner: string;
  /** The sandbox's facts about its type. */
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
  /** The questions in progress, by their names in refusals: an answer must not depend on itself. */
  readonly #asked = new Set<string>();

  constructor(template: Template, place: Place, parameters: Readonly<Record<string, string>> = {}) {
    this.#template = template;
    this.#place = place;
    this.#values = { ...listsIn(template, parameters), ...pseudoParameters(place) };
  }

  /** Logical ids of the resources whose condition holds, in the order of the template. */
  present(): readonly string[] {
    return Object.entries(this.#template.Resources)
      .filter(([, { Condition: condition }]) => this.isUnder(condition))
      .map(([logicalId]) => logicalId);
  }

  /** Whether what stands under a condition is there; true without one. */
  isUnder(condition: string | undefined): boolean {
    return condition === undefined || this.condition(condition);
  }

  /** Throws for a type that is not emulated, and for a resource that is missing. */
  declared(logicalId: string): DeclaredResource {
    const { Type: type, Properties: source = {} } = this.#resource(logicalId);
    const row = RESOURCE_TYPES[type];
    if (!row) throw new Error(`${logicalId}: the sandbox does not emulate ${type}.`);
    return { type, owner: `${logicalId} (${type})`, row, source };
  }

  /** The names of the resource. Throws as `declared` does, and for a name made of itself. */
  physical(logicalId: string): Physical {
    const known = this.#named.get(logicalId);
    if (known) return known;
    const named = this.#once(`${logicalId}: its name`, () => this.#name(logicalId));
    this.#named.set(logicalId, named);
    return named;
  }

  condition(name: string): boolean {
    const owner = `Condition ${name}`;
    const declared = this.#template.Conditions?.[name];
    if (declared === undefined) throw new Error(`The template has no condition ${name}.`);
    return this.#once(`${owner}: it`, () => holds({ references: this, owner }, declared));
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

  #once<Answer>(what: string, answer: () => Answer): Answer {
    if (this.#asked.has(what)) throw new Error(`${what} depends on itself.`);
    this.#asked.add(what);
    const found = answer();
    this.#asked.delete(what);
    return found;
  }

  #resource(logicalId: string) {
    const resource = this.#template.Resources[logicalId];
    if (!resource)
      throw new Error(`The template refers to ${logicalId}, and has no such resource.`);
    return resource;
  }
}

/** Parameters' values, lists among them. */
const listsIn = (
  { Parameters: declared = {} }: Template,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, Resolved>> =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      declared[key]?.Type === "CommaDelimitedList" ? itemsOf(value) : value,
    ]),
  );

const itemsOf = (list: string): readonly string[] => list.split(",").map((item) => item.trim());

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
