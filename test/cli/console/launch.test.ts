/** How pages are let in: by the digits of the page that the person sees. */
import { describe, expect, it } from "vitest";
import { launch } from "../../../cli/console/launch.ts";
import { knock, letIn, runConsole } from "./running-console.ts";

const nothing = () => ({ body: {} });

describe("the launch of the console's page", () => {
  it("A page whose digits are typed gets the token, and no other page does", async () => {
    const console_ = await runConsole(nothing);
    const [mine, other] = [await console_.launch(), await console_.launch()];
    expect(mine.digits).toMatch(/^\d{6}$/);
    expect(mine.digits).not.toBe(other.digits);
    await console_.person.press("", `${mine.digits}\r`);
    expect(await mine.last).toEqual({ token: expect.stringMatching(/^[\w-]{43}$/) });
    const { status } = await knock(console_.port, { path: "/session", headers: console_.page() });
    expect(status).toBe(200);
    await console_.close();
    await expect(other.last).rejects.toThrow();
  });

  it("Three wrong entries refuse every page that waits, and the digits let nobody in afterwards", async () => {
    const console_ = await runConsole(nothing);
    const { digits, last } = await console_.launch();
    const wrong = digits === "000000" ? "000001" : "000000";
    const types = (text: string, said: RegExp) => {
      void console_.person.press("", `${text}\r`);
      return expect.poll(() => console_.err()).toMatch(said);
    };
    await types(wrong, /(No page shows these digits[\s\S]*){1}/);
    await types(wrong, /(No page shows these digits[\s\S]*){2}/);
    await types(wrong, /every page that waits was refused/);
    expect(await last).toEqual({ end: "refused" });
    await types(digits, /No page waits for digits/);
    await console_.close();
  });

  it("Digits count for a minute, and never twice", async () => {
    const door = launch(5);
    const waiting = door.open();
    expect(await waiting?.ended).toBe("late");
    expect(door.typed(waiting?.digits ?? "")).toBe("nobody");
    const second = launch();
    const page = second.open();
    const other = second.open();
    expect(second.typed(page?.digits ?? "")).toBe("in");
    expect(second.typed(page?.digits ?? "")).toBe("wrong");
    other?.leave();
    expect(await other?.ended).toBe("late");
  });

  it("Five pages wait at most, and one that leaves makes room", () => {
    const door = launch();
    const pages = Array.from({ length: 5 }, () => door.open());
    expect(new Set(pages.map((page) => page?.digits)).size).toBe(5);
    expect(door.open()).toBeUndefined();
    pages[0]?.leave();
    expect(door.typed(pages[0]?.digits ?? "")).toBe("wrong");
    expect(door.open()).toBeDefined();
  });

  it("A page that closes before its digits are typed leaves them to nobody", async () => {
    const console_ = await runConsole(nothing);
    const answers = await Promise.all(Array.from({ length: 5 }, () => console_.launch()));
    expect(answers.length).toBe(5);
    const headers = { origin: `http://127.0.0.1:${console_.port}` };
    const sixth = await knock(console_.port, { method: "POST", path: "/launch", headers });
    expect(sixth.status).toBe(429);
    await console_.close();
    for (const { last } of answers) await expect(last).rejects.toThrow();
  });

  it("The prompt names the address that shows the digits, which holds no secret", async () => {
    const console_ = await runConsole(nothing);
    expect(console_.person.shown()).toContain(`http://127.0.0.1:${console_.port} shows: `);
    await letIn(console_);
    const token = console_.page()["x-timelatch-console"] ?? "";
    expect(token).not.toBe("");
    expect(`${console_.err()}${console_.person.shown()}`).not.toContain(token);
    await console_.close();
  });
});
