/**
 * A name for `access.yaml`, made from one that a directory shows. It has lower case, no accents,
 * and a dash for what no name has.
 *
 * @param longest in characters
 * @returns undefined for letters of other scripts: nobody guesses how they are spelt
 */
export function plainName(shown: string, longest: number): string | undefined {
  const plain = shown.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  if (/[^\x20-\x7e]/.test(plain)) return undefined;
  const name = plain
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .slice(0, longest)
    .replace(/[^a-z0-9]+$/, "");
  return name === "" ? undefined : name;
}
