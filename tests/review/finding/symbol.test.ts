import { expect, test } from "vitest";
import { symbolAt } from "../../../src/review/finding/symbol.ts";

test.each([
  {
    name: "a method of a class",
    text: "class User {\n  async load(id) {\n    return id;\n  }\n}\n",
    line: 3,
    symbol: "User.load",
  },
  {
    name: "a function of Python",
    text: "class A:\n    def go(self):\n        x = 1\n\n        return x\n",
    line: 5,
    symbol: "A.go",
  },
  { name: "an arrow function", text: "export const add = (a, b) => {\n  return a + b;\n};\n", line: 2, symbol: "add" },
  {
    name: "a function of Go",
    text: "func (s *Server) Serve(l net.Listener) error {\n\treturn nil\n}\n",
    line: 2,
    symbol: "Serve",
  },
  { name: "a declaration itself", text: "fn main() {\n    run();\n}\n", line: 1, symbol: "main" },
  {
    name: "a branch, which is not a declaration",
    text: "function f() {\n  if (x) {\n    g();\n  }\n}\n",
    line: 3,
    symbol: "f",
  },
  { name: "the top of a file", text: "import a;\nrun();\n", line: 2, symbol: "" },
])("the symbol around $name", ({ text, line, symbol }) => {
  expect(symbolAt(text, line)).toBe(symbol);
});
