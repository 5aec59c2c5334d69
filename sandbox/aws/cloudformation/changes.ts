/** What a new template changes in a stack. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceChange, StackInput, StackResource } from "./state.ts";
import { parseTemplate } from "./template-text.ts";

/** The resources that a template adds, changes and removes. */
export function resourceChanges(
  before: StackInput | undefined,
  after: StackInput,
  existing: readonly StackResource[],
): readonly ResourceChange[] {
  const old = before === undefined ? {} : parseTemplate(before.template).Resources;
  const wanted = parseTemplate(after.template).Resources;
  const change = (action: ResourceChange["action"], logicalId: string, type: string) => {
    const physicalId = existing.find((one) => one.logicalId === logicalId)?.physicalId;
    return { action, logicalId, type, ...(physicalId === undefined ? {} : { physicalId }) };
  };
  return [
    ...Object.entries(wanted).flatMap(([logicalId, resource]) => {
      const known = Object.hasOwn(old, logicalId) ? old[logicalId] : undefined;
      if (known === undefined) return [change("Add", logicalId, resource.Type)];
      return isDeepStrictEqual(known, resource) ? [] : [change("Modify", logicalId, resource.Type)];
    }),
    ...Object.entries(old)
      .filter(([logicalId]) => !Object.hasOwn(wanted, logicalId))
      .map(([logicalId, { Type }]) => change("Remove", logicalId, Type)),
  ];
}

/** Whether an update would leave everything as it is: template, values and tags. */
export const isSame = (before: StackInput, after: StackInput): boolean =>
  isDeepStrictEqual(comparable(before), comparable(after));

const comparable = ({ template, parameters, tags }: StackInput) => ({
  template: JSON.parse(template) as unknown,
  parameters,
  tags,
});
