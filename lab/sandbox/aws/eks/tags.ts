/** The rules for tags (EKS API reference, TagResource). Answers the fault of these tags, if any. */
export function tagProblem(tags: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(tags);
  if (pairs.length > MAX_TAGS) return `A resource can have at most ${MAX_TAGS} tags`;
  if (pairs.some(([key]) => key.length < 1 || key.length > 128)) {
    return "A tag key must have 1 to 128 characters";
  }
  if (pairs.some(([, value]) => value.length > 256)) {
    return "A tag value must have at most 256 characters";
  }
  if (pairs.some(([key]) => key.toLowerCase().startsWith("aws:"))) {
    return "A tag key must not begin with aws:";
  }
  return undefined;
}

const MAX_TAGS = 50;
