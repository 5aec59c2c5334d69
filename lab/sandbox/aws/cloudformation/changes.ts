/** The changes of a new template to a stack. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceChange, StackInput, StackResource } from "./state.ts";
import { parseTemplate } from "./template-text.ts";

/**
 * The resources that a template adds, changes and removes.
 *
 * @param existing what the stack has
 * @param present logical ids of what it is to have: resources whose condition holds
 */
export function resourceChanges(
  before: StackInput | undefined,
  after: StackInput,
  existing: readonly StackResource[],
  present: readonly string[],
): readonly ResourceChange[] {
  const old = before === undefined ? {} : parseTemplate(before.template).Resources;
  const wanted = parseTemplate(after.template).Resources;
  const known = new Map(existing.map((one) => [one.logicalId, one]));
  const kept = present.flatMap((logicalId): readonly ResourceChange[] => {
    const { type = wanted[logicalId]?.Type ?? "", physicalId } = known.get(logicalId) ?? {};
    if (physicalId === undefined) return [{ action: "Add", logicalId, type }];
    const isSameResource = isDeepStrictEqual(old[logicalId], wanted[logicalId]);
    return isSameResource ? [] : [{ action: "Modify", logicalId, type, physicalId }];
  });
  const gone = existing.filter(({ logicalId }) => !present.includes(logicalId));
  return [
    ...kept,
    ...gone.map(({ logicalId, type, physicalId }) => ({
      action: "Remove" as const,
      logicalId,
      type,
      physicalId,
    })),
  ];
}

/** Whether an update would leave everything as it is: template, values and tags. */
export const isSame = (before: StackInput, after: StackInput): boolean =>
  isDeepStrictEqual(comparable(before), comparable(after));

const comparable = ({ template, parameters, tags }: StackInput) => ({
  template: parseTemplate(template),
  parameters,
  tags,
});
