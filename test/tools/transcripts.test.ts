import { describe, expect, it } from "vitest";
import { passagesOf, withPassages } from "../../tools/transcripts/console-blocks.ts";
import { demoPicture, pictureText } from "../../tools/transcripts/demo-picture.ts";
import { play } from "../../tools/transcripts/play.ts";
import { shapeOf } from "../../tools/transcripts/shape.ts";

const OLD_ID = "01a20e51-2320-7c55-93ae-38e926c69dde";
const NEW_ID = "01a213c7-e8c0-7cac-ba7b-c04d69afedc5";

const DOCUMENT = `# A page

\`\`\`console
$ timelatch request --cluster prod \\
    --duration 1m
Requested on 2026-11-24:
  ${OLD_ID}
$ true
\`\`\`

<!-- until: bob$ timelatch show ${OLD_ID} -->
\`\`\`console
dave$ timelatch export --from 2026-11-24
old
\`\`\`
`;

describe("a document's transcripts", () => {
  it("A document's transcripts are its commands, over several lines too, with what they print", () => {
    expect(passagesOf(DOCUMENT)).toEqual([
      {
        kind: "console",
        exchanges: [
          {
            person: "",
            command: "timelatch request --cluster prod \\\n    --duration 1m",
            output: `Requested on 2026-11-24:\n  ${OLD_ID}`,
          },
          { person: "", command: "true", output: "" },
        ],
      },
      { kind: "until", person: "bob", command: `timelatch show ${OLD_ID}` },
      {
        kind: "console",
        exchanges: [
          { person: "dave", command: "timelatch export --from 2026-11-24", output: "old" },
        ],
      },
    ]);
  });

  it("A document's transcripts are played with the run's own ids and day, and written back", async () => {
    const typed: string[] = [];
    const played = await play(
      passagesOf(DOCUMENT),
      {
        welcome: "",
        run: async (command, person) => {
          typed.push(`${person}$ ${command}`);
          return command.includes("request") ? `Asked:\n  ${NEW_ID}` : "new";
        },
        succeeds: async (command, person) => {
          typed.push(`${person}$ ${command}`);
          return true;
        },
      },
      () => new Date("2027-01-02T03:04:05Z"),
    );
    expect(typed.slice(1)).toEqual([
      "$ true",
      `bob$ timelatch show ${NEW_ID}`,
      "dave$ timelatch export --from 2027-01-02",
    ]);
    expect(withPassages(DOCUMENT, played)).toBe(
      DOCUMENT.replaceAll(OLD_ID, NEW_ID)
        .replace("Requested on 2026-11-24", "Asked")
        .replace("2026-11-24", "2027-01-02")
        .replace("old", "new")
        .replace("$ true\n", "$ true\nnew\n"),
    );
  });

  it("A document's transcripts have one shape whatever ids, times, spans and counts a run has", () => {
    expect(shapeOf(`ID\n${OLD_ID.slice(0, 13)}`)).toBe(shapeOf(`ID\n${NEW_ID.slice(0, 13)}`));
    const one = `${OLD_ID}  until 17:37:39 UTC, in 1m38s:\n2026-11-24 10:00:00 UTC, 1m3s ago; 5 events`;
    const other = `${NEW_ID}    until 07:00:01 UTC, in\n 1h2m:\n2027-01-02 11:00:00 UTC, 9s ago; 12 events`;
    expect(shapeOf(one)).toBe(shapeOf(other));
    expect(shapeOf(one)).not.toBe(shapeOf(one.replace("until", "from")));
  });
});

describe("the picture of the demo", () => {
  const scenes = ["alice requests", "bob approves", "The first grant ends", "dave exports"];
  const output = scenes
    .map(
      (title) =>
        `10:00:00 UTC  ${title} <now> & here\n  $ cmd \\\n      more\n    answer\n  ✔ good`,
    )
    .join("\n\n");

  it("The picture of the demo shows each line of the chosen scenes, with markup characters escaped", () => {
    const svg = demoPicture(
      `An opening.\n\n${output}\n\n10:00:09 UTC  The sandbox stops\n  · gone`,
    );
    expect(pictureText(svg)).toBe(`$ npm run demo\n${output.replaceAll("\n\n", "\n")}`);
    expect(svg).toContain("alice requests &lt;now&gt; &amp; here");
  });

  it("The picture of the demo is not made where a scene is missing", () => {
    expect(() => demoPicture(output.replace("bob approves", "bob sleeps"))).toThrow("bob approves");
  });
});
