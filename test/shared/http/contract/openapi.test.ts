import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PRODUCTION } from "../../../../infra/synth/settings.ts";
import { openApiDocument } from "../../../../shared/http/contract/openapi.ts";
import { PROBLEMS } from "../../../../shared/http/contract/problems.ts";
import { ROUTES } from "../../../../shared/http/contract/routes.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const ROOT = path.resolve(import.meta.dirname, "../../../..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");
const document = JSON.parse(read("docs/openapi.json"));
const operations = Object.entries(
  document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>,
).flatMap(([at, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ at, method, operation })),
);

/** Every value in the document, at any depth. */
function* within(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  yield value as Readonly<Record<string, unknown>>;
  for (const inner of Object.values(value)) yield* within(inner);
}

describe("docs/openapi.json", () => {
  it("docs/openapi.json matches the schemas; npm run openapi writes it again", () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(PRODUCTION.broker))));
  });

  it("The OpenAPI document has version 3.1 and describes every route", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(operations.map(({ at, method }) => `${method.toUpperCase()} ${at}`).sort()).toEqual(
      ROUTES.map(({ method, path: at }) => `${method} ${at}`).sort(),
    );
  });

  it("The OpenAPI document names every operation once, with a summary", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operation } of operations) expect(operation.summary).toMatch(/^[A-Z].*\.$/);
  });

  it("The OpenAPI document has no broken and no unused references", () => {
    const referred = new Set(
      [...within(document)].flatMap((value) =>
        typeof value["$ref"] === "string" ? [value["$ref"]] : [],
      ),
    );
    const there = Object.keys(document.components.schemas).map(
      (name) => `#/components/schemas/${name}`,
    );
    expect([...referred].sort()).toEqual(there.sort());
  });

  it("The OpenAPI document declares the parameters of every path", () => {
    for (const { at, operation } of operations) {
      const held = [...at.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter(({ in: place }) => place === "path");
      expect(declared.map(({ name }) => name)).toEqual(held);
    }
  });

  it("The OpenAPI document names existing problems, with their statuses and a heading in docs/problems.md", () => {
    const headings = new Set(
      [...read("docs/problems.md").matchAll(/^## ([a-z-]+)$/gm)].map(([, code]) => code),
    );
    for (const { operation } of operations)
      for (const [status, { description }] of Object.entries(operation.responses)) {
        if (Number(status) < 400) continue;
        const codes = [...description.matchAll(/(?:^|\. )([a-z-]+): /g)].map(([, code]) => code);
        expect(codes).not.toEqual([]);
        for (const code of codes) {
          expect(headings).toContain(code);
          expect(PROBLEMS[code as keyof typeof PROBLEMS].status).toBe(Number(status));
        }
      }
  });

  it("The OpenAPI document forbids additional members in request bodies", () => {
    for (const name of ["AccessRequest", "Decision", "End"]) {
      const { oneOf, ...one } = document.components.schemas[name];
      for (const schema of oneOf ?? [one])
        expect(schema).toMatchObject({ additionalProperties: false });
    }
  });
});
