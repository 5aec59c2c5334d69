import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { playedCode } from "../../../lab/simulation/played-code.ts";

const PLAYED = "shared/usecases/converge/one-pass.ts";
const changed = (file: string, change: (text: string) => string): string =>
  playedCode((path) => {
    const text = readFileSync(path, "utf8");
    return path.endsWith(file) ? change(text) : text;
  });

describe("The hash of the code that a life plays", () => {
  const now = playedCode();

  it("It is another one where a file that a life imports does something else", () => {
    expect(now).toMatch(/^[0-9a-f]{16}$/);
    expect(
      changed(PLAYED, (text) => text.replace("LONG_WAIT_SECONDS = 30", "LONG_WAIT_SECONDS = 31")),
    ).not.toBe(now);
    expect(changed("lab/simulation/oracle/ends.ts", (text) => `${text}\nconsole.log(0);`)).not.toBe(
      now,
    );
  });

  it("It is the same where a comment, a type or a file that no life imports is another one", () => {
    const about = "/** More about it. */\nexport type More = string;\n";
    expect(changed(PLAYED, (text) => `${text}${about}`)).toBe(now);
    expect(changed("cli/main.ts", () => "")).toBe(now);
  });
});
