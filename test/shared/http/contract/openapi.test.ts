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

/** Every value in the document, with everything that is in it. */
function* within(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  yield value as Readonly<Record<string, unknown>>;
  for (const inner of Object.values(value)) yield* within(inner);
}

describe("docs/openapi.json", () => {
  it("is what the schemas say; npm run openapi writes it anew", () => {
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument(PRODUCTION.broker))));
  });

  it("is of OpenAPI 3.1 and describes every route", () => {
    expect(document.openapi).toMatch(/^3\.1\.\d$/);
    expect(operations.map(({ at, method }) => `${method.toUpperCase()} ${at}`).sort()).toEqual(
      ROUTES.map(({ method, path: at }) => `${method} ${at}`).sort(),
    );
  });

  it("names every operation once, and says what it does", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    for (const { operation } of operations) expect(operation.summary).toMatch(/^[A-Z].*\.$/);
  });

  it("refers to nothing that is not there, and holds nothing that is not referred to", () => {
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

  it("declares the parameters that a path holds", () => {
    for (const { at, operation } of operations) {
      const held = [...at.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      const declared = (operation.parameters ?? []).filter(({ in: place }) => place === "path");
      expect(declared.map(({ name }) => name)).toEqual(held);
    }
  });

  it("names problems that exist, under their own statuses, each with a heading in docs/problems.md", () => {
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

  it("says of what is wanted by name that nothing else is", () => {
    for (const name of ["AccessRequest", "Decision", "End"])
      expect(document.components.schemas[name]).toMatchObject({ additionalProperties: false });
  });
});
