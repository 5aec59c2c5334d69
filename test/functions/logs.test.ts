/** The rules for every function's log. */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";

const FOLDER = path.resolve(import.meta.dirname, "../../functions");
const FILES = globSync("*.ts", { cwd: FOLDER });
const textOf = (file: string) => readFileSync(path.join(FOLDER, file), "utf8");

describe("The log of a function", () => {
  it.each(FILES)("It has the function's name, and shows hidden characters: %s", (file) => {
    const name = path.basename(file, ".ts");
    expect(textOf(file)).toContain(
      `new Logger({ serviceName: "${name}", jsonReplacerFn: visibleValue })`,
    );
  });

  it.each(FILES)("Each line names the invocation: %s", (file) => {
    expect(textOf(file)).toMatch(/logger\.addContext\(context\);|injectLambdaContext\(logger/);
  });

  it("There are as many as there are functions", () => {
    expect(FILES.length).toBe(12);
  });
});
