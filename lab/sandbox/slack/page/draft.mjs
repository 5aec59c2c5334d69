/** The person's unsent input, typed or chosen: by place, block and action. */
const drafts = new Map();

const draftOf = (place) => {
  if (!drafts.has(place)) drafts.set(place, {});
  return drafts.get(place);
};

export const draftValues = (place) => draftOf(place);

export const draftValue = (place, { blockId, actionId }) => draftOf(place)[blockId]?.[actionId];

export function keepDraft(place, { blockId, actionId }, value) {
  const draft = draftOf(place);
  draft[blockId] = { ...draft[blockId], [actionId]: value };
}

export const dropDraft = (place) => drafts.delete(place);
