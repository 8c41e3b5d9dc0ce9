import { expect, test } from "vitest";
import { Screen } from "../../../src/cli/watch/screen.ts";
import { drawnOn } from "../../support/samples/watch-drawn.ts";

function screen() {
  let text = "$ codex_broker watch\n";
  let last = "";
  const made = new Screen((written) => {
    text += written;
    last += written;
  });
  return {
    screen: made,
    drawn: () => drawnOn(text),
    /** What was written since this was last asked. */
    since: () => {
      const written = last;
      last = "";
      return written;
    },
  };
}

test("whatever was drawn before, the screen shows what was drawn last", () => {
  const { screen: made, drawn } = screen();
  made.enter();
  const frames = [
    ["a", "b", "c", "d"],
    ["a", "c", "d"],
    ["x"],
    [],
    ["a", "b", "c", "d", "e"],
    ["a", "b", "X", "d", "e"],
  ];
  for (const frame of frames) {
    made.draw(frame);
    expect(drawn().rows.filter((row) => row !== "")).toEqual(frame);
  }
});

test("a row that has not changed is not written again, and nothing at all when none has", () => {
  const { screen: made, since } = screen();
  made.enter();
  made.draw(["head", "one", "two"]);
  since();
  made.draw(["head", "ONE", "two"]);
  const written = since();
  expect(written).toContain("ONE");
  expect(written).not.toMatch(/head|two/);
  made.draw(["head", "ONE", "two"]);
  expect(since()).toBe("");
});

test("a change is one write, which the terminal shows at once and which cannot wrap", () => {
  const { screen: made, since } = screen();
  made.enter();
  since();
  made.draw(["one"]);
  expect(since()).toMatch(/^\u001b\[\?2026h\u001b\[\?7l.*one\u001b\[\?7h\u001b\[\?2026l$/);
});

test("all of it is drawn again in another size, and when somebody else had the terminal", () => {
  const { screen: made, since } = screen();
  made.enter();
  made.draw(["head", "one"]);
  for (const happens of [() => made.resized(), () => made.enter()]) {
    since();
    happens();
    made.draw(["head", "one"]);
    expect(since()).toMatch(/\u001b\[2J.*head.*one/);
  }
});

test("after it is left, the first screen is there with its cursor, and nothing is drawn on it", () => {
  const { screen: made, drawn, since } = screen();
  made.enter();
  made.draw(["head"]);
  expect(drawn()).toMatchObject({ alternate: true, cursor: false });
  made.leave();
  expect(drawn()).toMatchObject({ alternate: false, cursor: true, rows: ["$ codex_broker watch", ""] });
  since();
  made.draw(["late"]);
  made.leave();
  expect(since()).toBe("");
});
