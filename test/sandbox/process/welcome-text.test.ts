import { describe, expect, it } from "vitest";
import { welcomeText } from "../../../sandbox/process/welcome-text.ts";
import { ADMIN, PEOPLE } from "../../../sandbox/world/people.ts";

describe("the text that the sandbox prints when it is ready", () => {
  const text = welcomeText("/home/me/timelatch/.sandbox", "/home/me/timelatch");

  it("fits a terminal of 80 columns and 12 lines", () => {
    const lines = text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("names the file to source and everyone who has a profile", () => {
    expect(text).toContain("source .sandbox/env && export AWS_PROFILE=alice");
    for (const name of [...PEOPLE, ADMIN]) expect(text).toContain(name);
  });

  it("quotes a folder's name for the shell, and shows a folder elsewhere with its whole path", () => {
    expect(welcomeText("/home/me/my sandbox", "/home/me")).toContain("source 'my sandbox/env'");
    expect(welcomeText("/tmp/box", "/home/me")).toContain("source /tmp/box/env");
  });
});
