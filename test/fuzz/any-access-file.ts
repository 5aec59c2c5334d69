/** Texts of an `access.yaml`, from sensible to absurd. */
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { parse, stringify } from "yaml";

const SAMPLE = readFileSync(path.resolve(import.meta.dirname, "../../access.yaml"), "utf8");
const TREE = parse(SAMPLE) as Json;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const word = fc.constantFrom(
  "*",
  "kube-*",
  "payments",
  "alice",
  "prod",
  "none",
  "cluster",
  "4h",
  "P1M",
  "-1h",
  "system:masters",
  "^(a+)+$",
  "(",
  "__proto__",
  "constructor",
  "toString",
  "arn:aws:iam::111122223333:root",
  "arn:aws:iam::111122223333:role/people/bob",
  "",
);
const value: fc.Arbitrary<Json> = fc.oneof(
  word,
  fc.constantFrom<Json>(null, true, 0, -1, 1.5, 1e300, [], {}),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** A copy in which the node that `at` leads to is put, taken away, or joined by another. */
function changed(node: Json, at: readonly number[], put: Json, how: number): Json {
  const [here, ...rest] = at;
  if (here === undefined || typeof node !== "object" || node === null) return put;
  const entries = Object.entries(node);
  const place = entries.length === 0 ? 0 : here % entries.length;
  const last = rest.length === 0;
  const next = entries.flatMap(([key, inner], index): [string, Json][] => {
    if (index !== place) return [[key, inner]];
    if (last && how === 1) return [];
    if (last && how === 2)
      return [
        [key, inner],
        [`${key}x`, put],
      ];
    return [[key, changed(inner, rest, put, how)]];
  });
  if (Array.isArray(node)) return next.map(([, inner]) => inner);
  return Object.fromEntries(next);
}

const edit = fc.tuple(fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }), value, fc.nat(2));
const tree = fc
  .array(edit, { maxLength: 3 })
  .map((edits) => edits.reduce((node, [at, put, how]) => changed(node, at, put, how), TREE));
const cut = fc
  .tuple(
    fc.nat(SAMPLE.length),
    fc.nat(30),
    fc.oneof(word, fc.string({ maxLength: 12, unit: "binary" })),
  )
  .map(([at, gone, put]) => SAMPLE.slice(0, at) + put + SAMPLE.slice(at + gone));
const trick = fc.constantFrom(
  "",
  "---\n---\n",
  "version: 1\nversion: 1\n",
  "a: &a [*a]\n",
  `a: &a [x]\n${Array.from({ length: 9 }, (_, n) => `b${n}: &b${n} [*a, *a, *a]`).join("\n")}\n`,
  "version: !!js/function 'x'\n",
  "<<: { version: 1 }\n",
  `${"[".repeat(500)}${"]".repeat(500)}`,
  "\ufeffversion: 1\n",
  "version: 0x1\n",
  "%YAML 1.1\n---\nversion: yes\n",
);
/** From a policy, to one with mistakes, to noise. */
export const anyAccessFile = fc.oneof(
  { weight: 8, arbitrary: tree.map((node) => JSON.stringify(node)) },
  { weight: 2, arbitrary: tree.map((node) => stringify(node)) },
  { weight: 6, arbitrary: cut },
  { weight: 1, arbitrary: fc.string({ maxLength: 300, unit: "binary" }) },
  { weight: 1, arbitrary: trick.map((head) => head + SAMPLE) },
  { weight: 1, arbitrary: trick },
);
