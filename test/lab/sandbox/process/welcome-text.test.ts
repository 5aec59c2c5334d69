import { describe, expect, it } from "vitest";
import { emptyWelcomeText, welcomeText } from "../../../../lab/sandbox/process/welcome-text.ts";
import { ADMIN, PEOPLE } from "../../../../lab/sandbox/world/people.ts";

/** The longest form of such an address. */
const SLACK = `http://127.0.0.1:65535/?token=${"0".repeat(32)}`;

describe("the text that the sandbox prints when it is ready", () => {
  const text = welcomeText("/home/me/timelatch/.sandbox", "/home/me/timelatch", SLACK);

  it("The welcome text fits a terminal of 80 columns and 12 lines", () => {
    const lines = text.split("\n");
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("The welcome text gives the address of Slack's page with its token", () => {
    expect(text).toContain(SLACK);
  });

  it("The welcome text names the file to source and everyone who has a profile", () => {
    expect(text).toContain("source .sandbox/as/alice");
    for (const name of [...PEOPLE, ADMIN]) expect(text).toContain(name);
  });

  it("The welcome text quotes a folder's name for the shell, and shows a folder elsewhere with its whole path", () => {
    expect(welcomeText("/home/me/my sandbox", "/home/me", SLACK)).toContain(
      "source 'my sandbox/as/alice'",
    );
    expect(welcomeText("/tmp/box", "/home/me", SLACK)).toContain("source /tmp/box/as/alice");
  });
});

it("The welcome text of an empty sandbox names each account with its administrator, in 80 columns", () => {
  const text = emptyWelcomeText("/home/me/timelatch/.sandbox", "/home/me/timelatch");
  expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  expect(text).toMatch(/111122223333 +source \.sandbox\/as\/admin\n/);
  expect(text).toMatch(/444455556666 +source \.sandbox\/as\/spoke-admin\n/);
});
